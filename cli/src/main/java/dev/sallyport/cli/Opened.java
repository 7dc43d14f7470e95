package dev.sallyport.cli;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.UpstreamServer;
import dev.sallyport.upstream.sandbox.SandboxSummary;
import java.util.Optional;

/**
 * A server that has come up.
 *
 * @param sandbox what keeps its processes in; nothing when it runs elsewhere
 * @param ending ends what it needed, after itself
 */
record Opened(UpstreamServer server, Optional<SandboxSummary> sandbox, Runnable ending)
    implements Handler, AutoCloseable {
  @Override
  public Outcome handle(Exchange exchange) {
    return server.handle(exchange);
  }

  @Override
  public void close() {
    server.close();
    ending.run();
  }
}
