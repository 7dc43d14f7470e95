package dev.sallyport.signin.page;

/** Text of strangers, as it may be shown: on one line, not too long, and going one way. */
public final class Shown {
  private static final int MOST = 80;

  private Shown() {}

  /**
   * Without what cannot be seen, or makes text look as it is not: controls, marks that turn its
   * direction, what has no width.
   */
  public static String of(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : c)
        .filter(Shown::isSeen)
        .limit(MOST + 1L)
        .forEach(kept::appendCodePoint);
    String line = kept.toString().strip().replaceAll(" {2,}", " ");
    return line.codePointCount(0, line.length()) > MOST
        ? line.substring(0, line.offsetByCodePoints(0, MOST)) + "…"
        : line;
  }

  private static boolean isSeen(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
