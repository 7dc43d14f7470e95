package dev.sallyport.protocol;

/**
 * Text that is not one well-formed JSON value within bounds. The message names the fault, never the
 * text.
 */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  JsonException(String fault) {
    super(fault);
  }

  static JsonException empty() {
    return new JsonException("the text is empty");
  }

  static JsonException malformed() {
    return new JsonException("the text is not well-formed JSON");
  }

  static JsonException beyondBounds() {
    return new JsonException("the text is deeper or longer than the bounds allow");
  }

  static JsonException duplicate() {
    return new JsonException("a member name occurs twice in one object");
  }

  static JsonException followed() {
    return new JsonException("something follows the value");
  }
}
