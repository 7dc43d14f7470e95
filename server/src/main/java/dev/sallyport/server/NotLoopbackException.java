package dev.sallyport.server;

import java.io.IOException;

/** A server was to be reachable from other machines, with nothing to check who calls. */
public final class NotLoopbackException extends IOException {
  private static final long serialVersionUID = 1L;

  NotLoopbackException(String host) {
    super(
        host
            + " is reachable from other machines and nothing here checks callers;"
            + " share it instead:  sallyport share -- COMMAND");
  }
}
