package dev.sallyport.access;

/**
 * The data directory or its database cannot be used. The message says what is wrong and what to do,
 * for the operator.
 */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  public AccessException(String message) {
    super(message);
  }

  public AccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
