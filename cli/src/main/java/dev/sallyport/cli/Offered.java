package dev.sallyport.cli;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.sandbox.SandboxSettings;

/** What callers are offered. */
sealed interface Offered {
  /** A server that is run here. */
  record Command(ChildCommand command, SandboxSettings sandbox) implements Offered {}

  /**
   * A server that runs elsewhere.
   *
   * @param fields what each request to it says besides
   */
  record Remote(HttpUrl url, HttpFields fields, Reach reach) implements Offered {}
}
