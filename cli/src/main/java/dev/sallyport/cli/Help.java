package dev.sallyport.cli;

import java.util.ArrayList;
import java.util.List;

/** Prints what a command says of itself, on stdout, for a screen of eighty columns. */
final class Help {
  private static final int WIDTH = 80;
  private static final int WIDEST_NAME = 26;
  private static final int GAP = 2;

  private final Screen screen;
  private final int column;

  private Help(Screen screen, int column) {
    this.screen = screen;
    this.column = column;
  }

  static void print(Command command, Screen screen) {
    List<Block> blocks = blocks(command);
    int widest =
        blocks.stream()
            .flatMap(block -> block.entries().stream())
            .mapToInt(Entry::width)
            .filter(width -> width <= WIDEST_NAME)
            .max()
            .orElse(0);
    Help help = new Help(screen, widest + GAP);
    help.prose(command.summary());
    screen.answer("");
    screen.answer(help.bold("Usage:") + " " + usage(command));
    blocks.forEach(help::block);
    help.examples(command.examples());
    if (!command.notes().isEmpty()) {
      screen.answer("");
    }
    command.notes().forEach(help::prose);
  }

  private static String usage(Command command) {
    return (command.typed() + (command.flags().isEmpty() ? " " : " [OPTIONS] ") + command.usage())
        .strip();
  }

  /** What has a heading, which is empty for operands: they follow the usage. */
  private record Block(String heading, List<Entry> entries) {}

  /** A name, what comes after it, and what it means. */
  private record Entry(String name, String value, String meaning) {
    int width() {
      return name.length() + value.length();
    }
  }

  private static List<Block> blocks(Command command) {
    List<Block> blocks = new ArrayList<>();
    if (!command.operands().isEmpty()) {
      blocks.add(
          new Block(
              "",
              command.operands().stream()
                  .map(operand -> new Entry("  " + operand.shown(), "", operand.description()))
                  .toList()));
    }
    if (command instanceof Family family) {
      blocks.add(
          new Block(
              "Commands:",
              family.members().stream()
                  .flatMap(name -> family.member(name).stream().map(member -> entry(name, member)))
                  .toList()));
    }
    for (FlagGroup group : command.flags()) {
      blocks.add(entries(group));
    }
    blocks.add(entries(FlagGroup.of("Help", Flag.HELP, Flag.VERSION)));
    return blocks;
  }

  private static Entry entry(String name, Command member) {
    return new Entry("  " + name, "", member.summary());
  }

  private static Block entries(FlagGroup group) {
    return new Block(group.heading() + ":", group.flags().stream().map(Help::entry).toList());
  }

  private static Entry entry(Flag flag) {
    return new Entry(
        (flag.letter().isEmpty() ? "      " : "  -" + flag.letter() + ", ") + flag.written(),
        flag.takesValue() ? "=" + flag.value() : "",
        flag.description()
            + (flag.fallback().isEmpty() ? "" : " (default: " + flag.fallback() + ")")
            + (flag.repeats() ? "; repeatable" : ""));
  }

  private void block(Block block) {
    screen.answer("");
    if (!block.heading().isEmpty()) {
      screen.answer(bold(block.heading()));
    }
    for (Entry entry : block.entries()) {
      String name = bold(entry.name()) + entry.value();
      List<String> lines = wrapped(entry.meaning(), WIDTH - column);
      if (entry.width() > column - GAP) {
        screen.answer(name);
      } else {
        screen.answer(name + " ".repeat(column - entry.width()) + lines.removeFirst());
      }
      lines.forEach(line -> screen.answer(" ".repeat(column) + line));
    }
  }

  private void examples(List<String> examples) {
    screen.answer("");
    screen.answer(bold(examples.size() == 1 ? "Example:" : "Examples:"));
    examples.forEach(example -> screen.answer("  " + example));
  }

  private void prose(String text) {
    wrapped(text, WIDTH).forEach(screen::answer);
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private String bold(String text) {
    return screen.hasColour() ? "\u001b[1m" + text + "\u001b[0m" : text;
  }
}
