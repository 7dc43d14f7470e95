package dev.sallyport.protocol;

/**
 * How much of a peer's JSON is read before it is refused. The length of the whole text is bounded
 * by whoever read the bytes.
 *
 * @param depth most nested arrays and objects
 * @param numberLength most characters of one number
 * @param nameLength most bytes of one member name
 * @param tokens most tokens of one text: a body of empty arrays costs far more than its bytes
 */
public record JsonBounds(int depth, int numberLength, int nameLength, long tokens) {
  public static final JsonBounds DEFAULT = new JsonBounds(128, 1_000, 10_000, 1_000_000);

  /** The widest there are: walking a value recurses, and taking it apart is bounded too. */
  static final JsonBounds WIDEST = new JsonBounds(1_000, 10_000, 100_000, Long.MAX_VALUE);

  public JsonBounds {
    if (depth < 1 || numberLength < 1 || nameLength < 1 || tokens < 1) {
      throw new IllegalArgumentException("every bound is at least 1");
    }
    if (depth > 1_000 || numberLength > 10_000 || nameLength > 100_000) {
      throw new IllegalArgumentException(
          "depth is at most 1000, a number 10000 characters, a name 100000 bytes");
    }
  }
}
