package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpEngine;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Makes HTTP requests, on connections that are kept and shared. Thread-safe.
 *
 * <pre>{@code
 * try (OutboundCall call = client.start(OutboundRequest.get(url, HttpFields.empty()), () -> {})) {
 *   Optional<Arrival> first = call.take(nanos);
 * }
 * }</pre>
 */
public final class OutboundClient implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(1);
  private static final int MAX_CHUNK = 16 * 1024;
  // A peer that a NAT or a firewall has forgotten is noticed in two minutes rather than two hours.
  private static final int KEEPALIVE_IDLE = 60; // seconds
  private static final int KEEPALIVE_INTERVAL = 15; // seconds
  private static final int KEEPALIVE_COUNT = 4;
  private static final int MAX_STATUS_LINE = 8 * 1024;

  private final OutboundOptions options;
  private final Vertx vertx;
  private final HttpClientAgent agent;
  private final Resolver resolver;
  private final Pool pool;
  private final Judge judge;

  private OutboundClient(
      OutboundOptions options,
      Vertx vertx,
      HttpClientAgent agent,
      Resolver resolver,
      Pool pool,
      Judge judge) {
    this.options = options;
    this.vertx = vertx;
    this.agent = agent;
    this.resolver = resolver;
    this.pool = pool;
    this.judge = judge;
  }

  /** On the loops of an engine, which is closed after this. Blocks until they are there. */
  public static OutboundClient open(HttpEngine engine, OutboundOptions options) {
    return open(
        engine,
        options,
        InetAddress::getAllByName,
        System::nanoTime,
        (url, addresses) -> Optional.empty());
  }

  /**
   * @param judge of the addresses that are dialled
   */
  static OutboundClient open(
      HttpEngine engine,
      OutboundOptions options,
      Resolver.Lookup lookup,
      LongSupplier nanos,
      Judge judge) {
    Vertx vertx = engine.vertx();
    List<Context> loops = new ArrayList<>();
    for (int i = 0; i < engine.loops(); i++) {
      loops.add(((VertxInternal) vertx).createEventLoopContext());
    }
    // The engine's own pool is not used, so there is nothing in it to look after.
    HttpClientAgent agent =
        vertx
            .httpClientBuilder()
            .with(http(options))
            .with(new PoolOptions().setCleanerPeriod(0))
            .build();
    Connector connector = new Connector(agent, loops, options.connect());
    return new OutboundClient(
        options,
        vertx,
        agent,
        new Resolver(lookup, nanos),
        new Pool(vertx, options, connector, nanos),
        judge);
  }

  private static HttpClientOptions http(OutboundOptions options) {
    HttpClientOptions http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setUseAlpn(true)
            .setHttp2ClearTextUpgrade(false)
            .setInitialSettings(
                new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(options.maxHead()))
            .setPipelining(false)
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setKeepAlive(true)
            .setConnectTimeout((int) options.connect().toMillis())
            // Before the connection as a whole is given up, because this one closes the socket too.
            .setSslHandshakeTimeout(options.connect().toMillis() * 3 / 4)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxInitialLineLength(MAX_STATUS_LINE)
            .setMaxHeaderSize(options.maxHead())
            .setMaxChunkSize(MAX_CHUNK);
    http.setTcpKeepAliveIdleSeconds(KEEPALIVE_IDLE)
        .setTcpKeepAliveIntervalSeconds(KEEPALIVE_INTERVAL)
        .setTcpKeepAliveCount(KEEPALIVE_COUNT);
    options.tls().apply(http);
    return http;
  }

  /**
   * Sends a request; what comes of it is taken from the call. Blocks only to find the address of a
   * host that was not asked for lately.
   *
   * @param arrivals runs when there is something to take; on an event loop, so it must not block
   */
  public OutboundCall start(OutboundRequest request, Runnable arrivals) {
    return start(request, options.connect(), arrivals);
  }

  /**
   * As {@link #start(OutboundRequest, Runnable)}.
   *
   * @param limit to find the address, and again to wait for a connection
   */
  OutboundCall start(OutboundRequest request, Duration limit, Runnable arrivals) {
    HttpUrl url = request.url();
    Optional<OutboundProxy> proxy = options.proxy().filter(via -> via.isFor(url));
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(proxy.map(OutboundProxy::host).orElse(url.host()), limit);
    } catch (UnknownHostException unknown) {
      OutboundCall failed = call(request, new Way(url, List.of(), proxy), limit, arrivals);
      failed.fail(pool.isClosed() ? OutboundFault.closed() : OutboundFault.unresolved(unknown));
      return failed;
    }
    OutboundCall call = call(request, new Way(url, addresses, proxy), limit, arrivals);
    Optional<String> refusal = proxy.isPresent() ? Optional.empty() : judge.refusal(url, addresses);
    refusal.ifPresentOrElse(
        why -> call.fail(OutboundFault.of(OutboundFault.Kind.FORBIDDEN, why)), call::start);
    return call;
  }

  private OutboundCall call(OutboundRequest request, Way way, Duration limit, Runnable arrivals) {
    long due = pool.now() + limit.toNanos();
    return new OutboundCall(call -> new Dispatch(vertx, pool, request, way, due, call), arrivals);
  }

  /** How many there are, whether anybody uses them or not. */
  int connections() {
    return pool.count(Place::connections);
  }

  /** How many could take another call. */
  int idle() {
    return pool.count(Place::idle);
  }

  /** Ends all connections; calls in progress fail. */
  @Override
  public void close() {
    resolver.close();
    pool.close();
    pool.awaitOpenings(CLOSING);
    HttpEngine.settle("end connections", agent.shutdown(Duration.ZERO), CLOSING);
  }
}
