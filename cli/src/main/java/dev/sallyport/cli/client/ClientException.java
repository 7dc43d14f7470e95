package dev.sallyport.cli.client;

import java.util.Optional;
import java.util.OptionalInt;

/** A server could not be spoken with. The message is one line for a person. */
public final class ClientException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int httpStatus;
  private final String next;

  public ClientException(String message) {
    super(message);
    httpStatus = 0;
    next = "";
  }

  public ClientException(String message, Throwable cause) {
    super(message, cause);
    httpStatus = 0;
    next = "";
  }

  ClientException(String message, int httpStatus, String next) {
    super(message);
    this.httpStatus = httpStatus;
    this.next = next;
  }

  ClientException(String message, Throwable cause, String next) {
    super(message, cause);
    this.httpStatus = 0;
    this.next = next;
  }

  /** The HTTP status that said no, when one did. */
  public OptionalInt httpStatus() {
    return httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(httpStatus);
  }

  /** Whether it was the caller who was not let in. */
  public boolean turnedAway() {
    return httpStatus == 401 || httpStatus == 403;
  }

  /** What to do about it, when that is known. */
  public Optional<String> next() {
    return Optional.of(next).filter(some -> !some.isEmpty());
  }
}
