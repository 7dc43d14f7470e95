package dev.sallyport.transport.outbound;

import dev.sallyport.protocol.Log;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

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
  private static final Log LOG = Log.of(OutboundClient.class);
  private static final Duration CLOSING = Duration.ofSeconds(1);
  private static final int MAX_CHUNK = 64 * 1024;
  private static final int MAX_STATUS_LINE = 8 * 1024;
  private static final int HTTP2_CONNECTIONS = 4;

  private final OutboundOptions options;
  private final Vertx vertx;
  private final HttpClientAgent agent;
  private final Resolver resolver;
  private final List<Context> loops;
  private final AtomicInteger turn = new AtomicInteger();

  private OutboundClient(
      OutboundOptions options,
      Vertx vertx,
      HttpClientAgent agent,
      Resolver resolver,
      List<Context> loops) {
    this.options = options;
    this.vertx = vertx;
    this.agent = agent;
    this.resolver = resolver;
    this.loops = List.copyOf(loops);
  }

  /** On the loops of an engine, which is closed after this. Blocks until they are there. */
  public static OutboundClient open(HttpEngine engine, OutboundOptions options) {
    Vertx vertx = engine.vertx();
    List<Context> loops = new ArrayList<>();
    for (int i = 0; i < engine.loops(); i++) {
      loops.add(((VertxInternal) vertx).createEventLoopContext());
    }
    HttpClientAgent agent =
        vertx.httpClientBuilder().with(http(options)).with(pool(options)).build();
    return new OutboundClient(
        options, vertx, agent, new Resolver(InetAddress::getAllByName, System::nanoTime), loops);
  }

  private static HttpClientOptions http(OutboundOptions options) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setUseAlpn(true)
        .setHttp2ClearTextUpgrade(false)
        .setInitialSettings(new Http2Settings().setPushEnabled(false))
        .setVerifyHost(true)
        .setPipelining(false)
        .setDecompressionSupported(false)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setKeepAlive(true)
        .setKeepAliveTimeout((int) options.keepAlive().toSeconds())
        .setConnectTimeout((int) options.connect().toMillis())
        .setSslHandshakeTimeout(options.connect().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxInitialLineLength(MAX_STATUS_LINE)
        .setMaxHeaderSize(options.maxHead())
        .setMaxChunkSize(MAX_CHUNK);
  }

  private static PoolOptions pool(OutboundOptions options) {
    return new PoolOptions()
        .setHttp1MaxSize(options.connections())
        .setHttp2MaxSize(HTTP2_CONNECTIONS)
        .setMaxWaitQueueSize(options.waiting())
        .setCleanerPeriod(1_000);
  }

  /**
   * Sends a request; what comes of it is taken from the call. Blocks only to find the address of a
   * host that was not asked for lately.
   *
   * @param arrivals runs when there is something to take; on an event loop, so it must not block
   */
  public OutboundCall start(OutboundRequest request, Runnable arrivals) {
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(request.url().host(), options.connect());
    } catch (UnknownHostException unknown) {
      OutboundCall failed = call(request, List.of(), arrivals);
      failed.fail(
          OutboundFault.of(OutboundFault.Kind.UNRESOLVED, String.valueOf(unknown.getMessage())));
      return failed;
    }
    OutboundCall call = call(request, addresses, arrivals);
    call.start();
    return call;
  }

  private OutboundCall call(
      OutboundRequest request, List<InetAddress> addresses, Runnable arrivals) {
    Context loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    return new OutboundCall(
        call ->
            new Dispatch(
                vertx, agent, loop, request, addresses, options.connect().toMillis(), call),
        arrivals);
  }

  /** Ends all connections; calls in progress fail. */
  @Override
  public void close() {
    resolver.close();
    try {
      agent.shutdown(Duration.ZERO).await(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | IllegalStateException late) {
      LOG.log(System.Logger.Level.DEBUG, "connections were left to the engine: {0}", late);
    }
  }
}
