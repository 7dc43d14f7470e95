package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpHead;
import java.util.Map;
import java.util.Optional;

/**
 * Who writes down what became of each exchange, besides the numbers, and tells those who carry it
 * out which trace it belongs to. Thread-safe.
 */
public interface Spans {
  /** Nobody does; nothing of an exchange is read for it. */
  Spans NONE =
      new Spans() {
        @Override
        public Span ofClient(Exchange exchange) {
          return Span.NONE;
        }

        @Override
        public Span toServer(Exchange exchange, Peer server) {
          return Span.NONE;
        }

        @Override
        public void within(HttpHead head, Runnable work) {
          work.run();
        }
      };

  /** Begins one for what a client asked for. */
  Span ofClient(Exchange exchange);

  /** Begins one for what goes on to a server. */
  Span toServer(Exchange exchange, Peer server);

  /** Does the work of a request, with what its head says of a trace in reach. */
  void within(HttpHead head, Runnable work);

  /** One exchange, from where it is seen to its outcome. Begun and ended on one thread. */
  interface Span {
    Span NONE =
        new Span() {
          @Override
          public Outcome run(Handler handler, Exchange exchange) {
            return handler.handle(exchange);
          }

          @Override
          public Map<String, String> fields() {
            return Map.of();
          }

          @Override
          public void end(Ended ended) {}
        };

    /** Has it carried out, as a part of the trace. */
    Outcome run(Handler handler, Exchange exchange);

    /** As {@link dev.sallyport.protocol.Witness#fields}. */
    Map<String, String> fields();

    void end(Ended ended);
  }

  /**
   * What there is to say at the end.
   *
   * @param id of the request that it was; of one that was sent twice the second
   */
  record Ended(Labels labels, Optional<RpcId> id) {}
}
