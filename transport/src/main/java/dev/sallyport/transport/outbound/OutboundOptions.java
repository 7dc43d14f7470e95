package dev.sallyport.transport.outbound;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections are made and kept. Every bound is a row of docs/limits.md.
 *
 * @param connections of HTTP/1.1 to one origin; a call that waits for its answer holds one
 * @param waiting calls that wait for one
 * @param connect how long a call waits for a connection
 * @param keepAlive how long a connection without a call is kept, unless its server names a time
 * @param maxHead of an answer, in bytes
 * @param tls how servers with https are spoken to
 * @param proxy that makes the connections
 */
public record OutboundOptions(
    int connections,
    int waiting,
    Duration connect,
    Duration keepAlive,
    int maxHead,
    OutboundTls tls,
    Optional<OutboundProxy> proxy) {
  public static final OutboundOptions DEFAULT =
      new OutboundOptions(
          12_000,
          1_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          16 * 1024,
          OutboundTls.SYSTEM,
          Optional.empty());

  public OutboundOptions withConnections(int most, int waitingAtMost) {
    return new OutboundOptions(most, waitingAtMost, connect, keepAlive, maxHead, tls, proxy);
  }

  public OutboundOptions withConnect(Duration limit) {
    return new OutboundOptions(connections, waiting, limit, keepAlive, maxHead, tls, proxy);
  }

  public OutboundOptions withTls(OutboundTls spoken) {
    return new OutboundOptions(connections, waiting, connect, keepAlive, maxHead, spoken, proxy);
  }

  public OutboundOptions withProxy(OutboundProxy through) {
    return new OutboundOptions(
        connections, waiting, connect, keepAlive, maxHead, tls, Optional.of(through));
  }
}
