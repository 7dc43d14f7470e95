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
}
