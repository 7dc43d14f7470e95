package dev.sallyport.cli;

import dev.sallyport.protocol.Log;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a person sees. Answers go to stdout; everything said about them goes to stderr, so that a
 * pipe gets answers only. Colour only on a terminal that wants it (no-color.org). Where the log is
 * for programs, what is said becomes lines of the log.
 */
final class Screen {
  private static final int COLUMN = 11;

  /** What stands between facts that are set in columns. */
  private static final Pattern COLUMNS = Pattern.compile(" {3,}");

  private final PrintStream answers;
  private final Consumer<String> lines;
  private final boolean colour;
  private final BooleanSupplier logged;
  private final boolean ofProcess;

  private Screen(
      PrintStream answers,
      Consumer<String> lines,
      boolean colour,
      BooleanSupplier logged,
      boolean ofProcess) {
    this.answers = answers;
    this.lines = lines;
    this.colour = colour;
    this.logged = logged;
    this.ofProcess = ofProcess;
  }

  Screen(PrintStream answers, PrintStream remarks, boolean colour) {
    this(answers, remarks::println, colour, () -> false, false);
  }

  static Screen ofProcess(Map<String, String> environment) {
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Screen(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err)::println,
        wanted && terminal,
        () -> false,
        true);
  }

  /** For what is told to nobody. */
  static Screen silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Screen(nowhere, nowhere, false);
  }

  /**
   * The same for a program that serves: whoever says something does not wait for whoever reads
   * stderr, and it is said as the log is written.
   */
  Screen ofService() {
    return ofProcess
        ? new Screen(answers, ErrorLines.OF_PROCESS::write, colour, Logging::isJson, true)
        : this;
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

  /** One of the things that were looked at, as an answer: a mark, what, and the facts. */
  void found(String sign, String code, String what, String facts) {
    String gap = " ".repeat(Math.max(1, COLUMN - what.length()));
    answers.println(mark(sign, code) + " " + what + gap + printable(facts));
  }

  /** A plain remark. */
  void say(String line) {
    tell(System.Logger.Level.INFO, line, printable(line));
  }

  /** What helps whoever sits at the terminal, and nobody else. */
  void hint(String line) {
    if (!logged.getAsBoolean()) {
      lines.accept(printable(line));
    }
  }

  /** Something that is done: a tick, what, and the facts. */
  void done(String what, String facts) {
    String gap = " ".repeat(Math.max(1, COLUMN - what.length()));
    tell(
        System.Logger.Level.INFO,
        what + " " + COLUMNS.matcher(facts).replaceAll(" · "),
        mark("✓", "32") + " " + what + gap + printable(facts));
  }

  /** Something to know that does not stop us. */
  void warn(String line) {
    tell(System.Logger.Level.WARNING, line, mark("!", "33") + " " + printable(line));
  }

  /** One of the things that are wrong, before {@link #fail} says what comes of them. */
  void fault(String line) {
    tell(System.Logger.Level.ERROR, line, printable(line));
  }

  void fail(CliFault fault) {
    if (logged.getAsBoolean()) {
      log(System.Logger.Level.ERROR, String.join("; ", fault.lines()));
    } else {
      lines.accept(mark("✗", "31") + " " + printable(fault.lines().getFirst()));
      fault.lines().stream().skip(1).forEach(line -> lines.accept("  " + printable(line)));
    }
  }

  private void tell(System.Logger.Level level, String event, String text) {
    if (logged.getAsBoolean()) {
      log(level, event);
    } else {
      lines.accept(text);
    }
  }

  /** Without what sets it in columns; by a name that says to whom it matters. */
  private static void log(System.Logger.Level level, String event) {
    Logging.await();
    Log.of(Serve.class).log(level, event.strip().replaceAll(" {2,}", " "));
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
