package dev.sallyport.protocol;

/**
 * A request id with its type and exact text: {@code 1} and {@code "1"} are different ids and come
 * back as they came (JR-02, JR-03).
 *
 * @param token a JSON string or a plain JSON integer of any size
 */
public record RpcId(Json token) {
  public RpcId {
    if (!isId(token)) {
      throw new IllegalArgumentException("an id is a string or an integer");
    }
  }

  public static RpcId of(long value) {
    return new RpcId(Json.of(value));
  }

  public static RpcId of(String value) {
    return new RpcId(Json.of(value));
  }

  /** Whether a JSON value may serve as an id: fractions, exponents and null may not. */
  public static boolean isId(Json token) {
    return switch (token.kind()) {
      case STRING -> true;
      case NUMBER -> token.text().chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
      case OBJECT, ARRAY, BOOLEAN, NULL -> false;
    };
  }
}
