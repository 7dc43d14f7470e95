package dev.sallyport.gateway.config;

import java.util.regex.Pattern;

/**
 * What is written in the file, as a message can repeat it: short, and unable to drive a terminal.
 */
public final class Shown {
  private static final int LONGEST = 60;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$<.\\[\\]-]{1," + LONGEST + "}");

  private Shown() {}

  /** A name that people chose; in quotes when it does not look like one. */
  public static String name(String text) {
    return NAME.matcher(text).matches() ? text : quoted(text);
  }

  public static String quoted(String text) {
    return "\"" + line(text) + "\"";
  }

  /** One line of it. */
  static String line(String text) {
    return line(text, LONGEST);
  }

  /** The same with another bound, in characters. */
  public static String line(String text, int longest) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(longest + 1L)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(line::appendCodePoint);
    return line.codePointCount(0, line.length()) > longest
        ? line.substring(0, line.offsetByCodePoints(0, longest)) + "…"
        : line.toString();
  }

  /** Whether it takes a place of its own on the screen and does nothing else to it. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
