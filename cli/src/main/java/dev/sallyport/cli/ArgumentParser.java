package dev.sallyport.cli;

import dev.sallyport.gateway.config.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.DefaultParser.NonOptionAction;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * Reads what follows a command by the options and operands it has, and says of anything else what
 * is wrong with it.
 */
final class ArgumentParser {
  private static final String END_OF_OPTIONS = "--";

  private final Command command;
  private final List<Flag> flags = new ArrayList<>(List.of(Flag.HELP, Flag.VERSION));

  private ArgumentParser(Command command) {
    this.command = command;
    command.flags().forEach(group -> flags.addAll(group.flags()));
  }

  static Arguments parse(Command command, List<String> words) throws CliFault {
    return new ArgumentParser(command).parse(words);
  }

  private Arguments parse(List<String> words) throws CliFault {
    CommandLine line = read(words);
    refuseUnknown(words, line.getArgList());
    refuseTwice(line);
    Arguments arguments = new Arguments(command, line);
    if (!arguments.has(Flag.HELP) && !arguments.has(Flag.VERSION)) {
      requireOperands(arguments.operands());
    }
    return arguments;
  }

  private CommandLine read(List<String> words) throws CliFault {
    Options options = new Options();
    flags.forEach(flag -> options.addOption(option(flag)));
    DefaultParser parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false)
            .get();
    NonOptionAction atOperand =
        command.endsAtOperand() ? NonOptionAction.STOP : NonOptionAction.THROW;
    try {
      return parser.parse(options, null, atOperand, words.toArray(String[]::new));
    } catch (MissingArgumentException e) {
      Flag flag = flag(e.getOption());
      throw command.misused(flag.written() + " needs " + flag.value());
    } catch (UnrecognizedOptionException e) {
      throw unknown(e.getOption());
    } catch (ParseException e) {
      throw command.misused(String.valueOf(e.getMessage()));
    }
  }

  private static Option option(Flag flag) {
    Option.Builder builder =
        flag.letter().isEmpty() ? Option.builder() : Option.builder(flag.letter());
    return builder.longOpt(flag.name()).hasArg(flag.takesValue()).get();
  }

  private Flag flag(Option option) {
    return flags.stream()
        .filter(flag -> flag.name().equals(option.getLongOpt()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The parser stops at an unknown option as at an operand, and takes {@code -listen} for {@code
   * --listen}: both are refused here.
   */
  private void refuseUnknown(List<String> words, List<String> operands) throws CliFault {
    int end = words.indexOf(END_OF_OPTIONS) < 0 ? words.size() : words.indexOf(END_OF_OPTIONS);
    if (command.endsAtOperand()) {
      end = words.size() - operands.size();
      boolean said = end > 0 && words.get(end - 1).equals(END_OF_OPTIONS);
      // Of -vx it would hand on the x.
      if (end < words.size()
          && !said
          && words.get(end).length() > 1
          && words.get(end).startsWith("-")) {
        throw unknown(words.get(end));
      }
    }
    for (String word : words.subList(0, end)) {
      if (flags.stream().anyMatch(flag -> word.startsWith("-" + flag.name()))) {
        throw unknown(word);
      }
    }
  }

  private CliFault unknown(String word) {
    // What follows may be a secret.
    String name = word.substring(0, word.indexOf('=') < 0 ? word.length() : word.indexOf('='));
    if (flags.stream().anyMatch(flag -> flag.isWritten(name))) {
      return command.misused(name + " takes no value");
    }
    String bare = name.substring(name.startsWith("--") ? 2 : 1);
    return command.misused(
        named()
            + " has no option "
            + name
            + Nearest.to(bare, flags.stream().map(Flag::name).toList())
                .map(near -> "; did you mean --" + near + "?")
                .orElse(""));
  }

  private void refuseTwice(CommandLine line) throws CliFault {
    for (Flag flag : flags) {
      long given =
          Arrays.stream(line.getOptions())
              .filter(option -> option.getLongOpt().equals(flag.name()))
              .count();
      if (given > 1 && !flag.repeats()) {
        throw command.misused(flag.written() + " is given more than once");
      }
    }
  }

  private void requireOperands(List<String> words) throws CliFault {
    int left = words.size();
    for (Operand operand : command.operands()) {
      if (left < operand.least()) {
        throw command.misused(
            named()
                + " needs a "
                + operand.label()
                + ": "
                + command.typed()
                + " "
                + command.usage());
      }
      left -= Math.min(left, operand.most());
    }
    if (left > 0) {
      String extra = words.get(words.size() - left);
      throw command.misused(
          command.operands().isEmpty()
              ? named() + " takes no argument: " + extra
              : named() + " takes only " + shown() + ": " + extra + " is left over");
    }
  }

  private String named() {
    return command.path().isEmpty() ? "sallyport" : command.path();
  }

  private String shown() {
    return String.join(" ", command.operands().stream().map(Operand::shown).toList());
  }
}
