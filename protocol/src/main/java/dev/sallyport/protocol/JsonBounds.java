package dev.sallyport.protocol;

/**
 * How much of a peer's JSON is read before it is refused. The length of the whole text is bounded
 * by whoever read the bytes.
 *
 * @param depth most nested arrays and objects
 * @param numberLength most characters of one number
 * @param nameLength most characters of one member name
 * @param tokens most tokens of one text: a body of empty arrays costs far more than its bytes
 */
public record JsonBounds(int depth, int numberLength, int nameLength, long tokens) {
  public static final JsonBounds DEFAULT = new JsonBounds(128, 1_000, 10_000, 1_000_000);

  public JsonBounds {
    if (depth < 1 || numberLength < 1 || nameLength < 1 || tokens < 1) {
      throw new IllegalArgumentException("every bound is at least 1");
    }
  }
}
