package dev.sallyport.transport.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a listener listens and how much it puts up with.
 *
 * @param port 0 for any free one
 * @param maxBody bytes of one request body; beyond it 413
 * @param maxHead bytes of one request head; beyond it 431
 * @param maxConnections open connections; beyond it 503
 * @param headDeadline how long a head may take from its first byte on; then 408
 * @param bodyDeadline how long a body may take; then 408
 * @param idle how long a connection may stay open without a request being served
 * @param keepAlive how long an event stream may be quiet before a comment is sent
 * @param writeDeadline how long a peer may take nothing of what is being sent to it
 * @param maxConcurrent requests and event streams being served; beyond it 503
 */
public record ListenOptions(
    String host,
    int port,
    Optional<TlsFiles> tls,
    int maxBody,
    int maxHead,
    int maxConnections,
    Duration headDeadline,
    Duration bodyDeadline,
    Duration idle,
    Duration keepAlive,
    Duration writeDeadline,
    int maxConcurrent) {
  private static final int MIB = 1024 * 1024;

  public ListenOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    if (maxBody < 0 || maxHead < 1 || maxConnections < 1 || maxConcurrent < 1) {
      throw new IllegalArgumentException("a bound of a listener is missing");
    }
    requirePositive(headDeadline);
    requirePositive(bodyDeadline);
    requirePositive(idle);
    requirePositive(keepAlive);
    requirePositive(writeDeadline);
  }

  private static void requirePositive(Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("a deadline of a listener is missing");
    }
  }

  /** A listener without TLS and with the default bounds. */
  public static ListenOptions at(String host, int port) {
    return new ListenOptions(
        host,
        port,
        Optional.empty(),
        4 * MIB,
        16 * 1024,
        12_000,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(75),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        12_000);
  }

  public ListenOptions withTls(TlsFiles files) {
    return new ListenOptions(
        host,
        port,
        Optional.of(files),
        maxBody,
        maxHead,
        maxConnections,
        headDeadline,
        bodyDeadline,
        idle,
        keepAlive,
        writeDeadline,
        maxConcurrent);
  }

  public ListenOptions withBounds(
      int maxBodyBytes, int maxHeadBytes, int connections, int concurrent) {
    return new ListenOptions(
        host,
        port,
        tls,
        maxBodyBytes,
        maxHeadBytes,
        connections,
        headDeadline,
        bodyDeadline,
        idle,
        keepAlive,
        writeDeadline,
        concurrent);
  }

  public ListenOptions withKeepAlive(Duration quiet) {
    return new ListenOptions(
        host,
        port,
        tls,
        maxBody,
        maxHead,
        maxConnections,
        headDeadline,
        bodyDeadline,
        idle,
        quiet,
        writeDeadline,
        maxConcurrent);
  }

  public ListenOptions withDeadlines(
      Duration head, Duration body, Duration idling, Duration write) {
    return new ListenOptions(
        host,
        port,
        tls,
        maxBody,
        maxHead,
        maxConnections,
        head,
        body,
        idling,
        keepAlive,
        write,
        maxConcurrent);
  }
}
