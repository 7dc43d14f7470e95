package dev.sallyport.transport.http;

/** A file in PEM cannot be used. The message is one line for the person who named it. */
public final class PemException extends Exception {
  private static final long serialVersionUID = 1L;

  PemException(String message) {
    super(message);
  }

  PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
