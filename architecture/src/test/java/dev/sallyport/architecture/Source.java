package dev.sallyport.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One source file.
 *
 * @param path from the root of the repository, with slashes
 */
record Source(String path, String text) {
  // What comes first wins: a quote in a comment opens no string, two slashes in a string open no
  // comment.
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\\n"
              + "]*|/\\*.*?\\*/)|(?<string>\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n"
              + "])*\"|'(?:\\\\.|[^'\\\\\\n"
              + "])*')",
          Pattern.DOTALL);

  /** The text without comments; every line keeps its number. */
  String withoutComments() {
    return blank(token -> token.group("comment") == null ? token.group() : newlines(token.group()));
  }

  /** The text without comments and without what is between quotes. */
  String code() {
    return blank(
        token ->
            token.group("comment") == null
                ? "\"" + newlines(token.group()) + "\""
                : newlines(token.group()));
  }

  String folder() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  String file() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The module's folder: {@code protocol}, or {@code examples/everything}. */
  String module() {
    return path.substring(0, path.indexOf("/src/"));
  }

  /** A violation for every match in {@code subject}, which is one of the views of this source. */
  List<String> matches(Pattern pattern, String subject, UnaryOperator<String> says) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(subject);
    while (matcher.find()) {
      long line = subject.substring(0, matcher.start()).lines().count();
      boolean startsLine = matcher.start() == 0 || subject.charAt(matcher.start() - 1) == '\n';
      found.add(
          path + ":" + (startsLine ? line + 1 : line) + " " + says.apply(matcher.group().strip()));
    }
    return found;
  }

  private String blank(java.util.function.Function<MatchResult, String> replacement) {
    return TOKEN
        .matcher(text)
        .replaceAll(token -> Matcher.quoteReplacement(replacement.apply(token)));
  }

  private static String newlines(String text) {
    return "\n".repeat((int) text.chars().filter(character -> character == '\n').count());
  }
}
