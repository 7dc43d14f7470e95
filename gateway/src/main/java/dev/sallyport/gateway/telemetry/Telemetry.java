package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHandler;
import java.time.Duration;

/**
 * Who looks on while a gateway works, from around its flows: it may see what comes and what became
 * of it, and changes neither. Thread-safe.
 */
public interface Telemetry {
  /** Nobody looks on. */
  Telemetry NONE =
      new Telemetry() {
        @Override
        public Handler around(Handler flow) {
          return flow;
        }

        @Override
        public HttpHandler around(HttpHandler door) {
          return door;
        }

        @Override
        public void turnedAway(Refusal.Reason reason) {}

        @Override
        public void sessionEnded(Peer server, ProtocolVersion version, Duration lasted) {}

        @Override
        public WatchedServer toward(Peer server, Handler handler) {
          return new WatchedServer() {
            @Override
            public Outcome handle(Exchange exchange) {
              return handler.handle(exchange);
            }

            @Override
            public void close() {}
          };
        }
      };

  /** A route's flow, seen: each of its exchanges with its outcome. */
  Handler around(Handler flow);

  /** The first to see a request, seen: whom it turns away by the head alone. */
  HttpHandler around(HttpHandler door);

  /** Whom an endpoint turned away after it had read the request. */
  void turnedAway(Refusal.Reason reason);

  /** A session with a server is over. */
  void sessionEnded(Peer server, ProtocolVersion version, Duration lasted);

  /** A server, seen: what goes on to it, and what comes of it. */
  WatchedServer toward(Peer server, Handler handler);

  /** A server with somebody who looks on, until it is closed: then it is forgotten. */
  interface WatchedServer extends Handler, AutoCloseable {
    @Override
    void close();
  }
}
