package dev.sallyport.cli.client;

import java.util.OptionalInt;

/** A server could not be spoken with. The message is one line for a person. */
public final class ClientException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int httpStatus;

  public ClientException(String message) {
    super(message);
    httpStatus = 0;
  }

  public ClientException(String message, Throwable cause) {
    super(message, cause);
    httpStatus = 0;
  }

  ClientException(String message, int httpStatus) {
    super(message);
    this.httpStatus = httpStatus;
  }

  /** The HTTP status that said no, when one did. */
  public OptionalInt httpStatus() {
    return httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(httpStatus);
  }
}
