package dev.sallyport.upstream.wire;

/** A server's words made safe for an operator's terminal and logs (T66, T75). */
public final class Printable {
  private static final int LONGEST = 2_000;

  private Printable() {}

  /** One line without control or invisible characters, cut where it gets too long. */
  public static String of(String text) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST));
    text.codePoints()
        .limit(LONGEST)
        .filter(c -> Character.getType(c) != Character.FORMAT)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
