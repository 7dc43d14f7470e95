package dev.sallyport.signin.store;

/** A job could not be done; nothing of it was. The message is for the operator. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
