package dev.sallyport.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a person sees. Answers go to stdout; everything said about them goes to stderr, so that a
 * pipe gets answers only. Colour only on a terminal that wants it (no-color.org).
 */
final class Screen {
  private static final int COLUMN = 11;

  private final PrintStream answers;
  private final PrintStream remarks;
  private final boolean colour;

  Screen(PrintStream answers, PrintStream remarks, boolean colour) {
    this.answers = answers;
    this.remarks = remarks;
    this.colour = colour;
  }

  static Screen ofProcess(Map<String, String> environment) {
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Screen(utf8(FileDescriptor.out), utf8(FileDescriptor.err), wanted && terminal);
  }

  /** For what is told to nobody. */
  static Screen silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Screen(nowhere, nowhere, false);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  boolean hasColour() {
    return colour;
  }

  /** An answer, on stdout. */
  void answer(String line) {
    answers.println(line);
  }

  /** Text of somebody else as an answer: its lines stay lines, but it cannot drive the terminal. */
  void answerOf(String others) {
    others.lines().forEach(line -> answers.println(printable(line)));
  }

  /** A plain remark. */
  void say(String line) {
    remarks.println(printable(line));
  }

  /** Something that is done: a tick, what, and the facts. */
  void done(String what, String facts) {
    String gap = " ".repeat(Math.max(1, COLUMN - what.length()));
    remarks.println(mark("✓", "32") + " " + what + gap + printable(facts));
  }

  /** Something to know that does not stop us. */
  void warn(String line) {
    remarks.println(mark("!", "33") + " " + printable(line));
  }

  void fail(CliFault fault) {
    remarks.println(mark("✗", "31") + " " + printable(fault.lines().getFirst()));
    fault.lines().stream().skip(1).forEach(line -> remarks.println("  " + printable(line)));
  }

  private String mark(String sign, String code) {
    return colour ? "\u001b[" + code + "m" + sign + "\u001b[0m" : sign;
  }

  /** Text of others must not drive the terminal (security.md T75). */
  static String printable(String line) {
    return line.codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
