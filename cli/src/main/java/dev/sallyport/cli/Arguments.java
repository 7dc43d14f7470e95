package dev.sallyport.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** What somebody wrote after a command, read by its options. Immutable. */
final class Arguments {
  private final Command command;
  private final CommandLine line;

  Arguments(Command command, CommandLine line) {
    this.command = command;
    this.line = line;
  }

  boolean has(Flag flag) {
    return line.hasOption(flag.name());
  }

  Optional<String> given(Flag flag) {
    return Optional.ofNullable(line.getOptionValue(flag.name()));
  }

  /** Its value, or its default. */
  String text(Flag flag) {
    return given(flag).orElse(flag.fallback());
  }

  /** All values of one that repeats, in order. */
  List<String> texts(Flag flag) {
    return has(flag) ? List.of(line.getOptionValues(flag.name())) : List.of();
  }

  int number(Flag flag, int otherwise) throws CliFault {
    return has(flag) ? number(flag) : otherwise;
  }

  int number(Flag flag) throws CliFault {
    String text = text(flag);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      throw command.misused(
          flag.written()
              + " "
              + text
              + (digits ? " is more than " + Integer.MAX_VALUE : " is not a whole number"));
    }
  }

  Optional<Path> path(Flag flag) throws CliFault {
    List<Path> paths = paths(flag);
    return paths.isEmpty() ? Optional.empty() : Optional.of(paths.getFirst());
  }

  List<Path> paths(Flag flag) throws CliFault {
    List<Path> paths = new ArrayList<>();
    for (String text : texts(flag)) {
      try {
        paths.add(Path.of(text));
      } catch (InvalidPathException e) {
        // In a locale without UTF-8 a name may have arrived in pieces.
        throw command.misused(flag.written() + " " + text + " cannot be the name of a file here");
      }
    }
    return paths;
  }

  /** What is no option, in order. */
  List<String> operands() {
    return List.copyOf(line.getArgList());
  }
}
