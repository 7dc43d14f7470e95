package dev.sallyport.transport.http;

/** A listener could not be opened. The message is one line for the person who asked for it. */
public final class ListenException extends Exception {
  ListenException(String message) {
    super(message);
  }

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
