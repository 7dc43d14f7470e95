package dev.sallyport.transport.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * A request that is malformed although the parser took it; carries the status to refuse it with.
 */
final class BadHeadException extends Exception {
  private final int status;

  BadHeadException(int status) {
    super("malformed request", null, false, false);
    this.status = status;
  }

  static int status(Throwable cause) {
    return switch (cause) {
      case BadHeadException bad -> bad.status;
      case TooLongHttpLineException tooLong -> 414;
      case TooLongHttpHeaderException tooLong -> 431;
      default -> 400;
    };
  }
}
