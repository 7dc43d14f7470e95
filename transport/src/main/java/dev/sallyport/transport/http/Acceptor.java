package dev.sallyport.transport.http;

import dev.sallyport.protocol.Log;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One event loop's share of a listening socket: its settings, and what happens to connections. */
final class Acceptor extends VerticleBase {
  private static final Log LOG = Log.of(Acceptor.class);
  private static final int BACKLOG = 1024;

  private static final int CHUNK = 64 * 1024;
  private static final int MAX_REQUEST_LINE = 8 * 1024;

  /** HTTP/2: what one connection may do at once, and how often it may change its mind (T74). */
  private static final int MAX_STREAMS = 100;

  private static final int MAX_RESETS = 200;
  private static final int RESET_WINDOW_SECONDS = 30;
  private static final int MAX_SMALL_CONTINUATIONS = 16;

  private final Reception.Hall hall;
  private final InetAddress host;
  private final int port;
  private final HttpServerOptions options = new HttpServerOptions();
  private Optional<HttpServer> server = Optional.empty();

  /** Those who speak HTTP/2; only on the loop. Bounded by the connections that the load admits. */
  private final Set<PeerConnection> http2 = new HashSet<>();

  /**
   * @param port as {@link HttpEngine#claim} has it
   */
  Acceptor(Reception.Hall hall, InetAddress host, int port) {
    this.hall = hall;
    this.host = host;
    this.port = port;
  }

  /** Before it starts. */
  void prepare(Optional<KeyCertOptions> identity) {
    ListenOptions bounds = hall.options();
    options
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setMaxInitialLineLength(requestLine(bounds))
        .setMaxHeaderSize(bounds.maxHead())
        .setMaxChunkSize(CHUNK)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
        .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
        .setHttp2MaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_STREAMS)
                .setMaxHeaderListSize(bounds.maxHead()));
    identity.ifPresent(
        own ->
            options
                .setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setSslHandshakeTimeout(bounds.headDeadline().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeyCertOptions(own));
  }

  /** Shows another identity to connections from now on. */
  Future<?> show(KeyCertOptions identity) {
    return server
        .map(s -> s.updateSSLOptions(options.getSslOptions().copy().setKeyCertOptions(identity)))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  private static int requestLine(ListenOptions bounds) {
    return Math.min(bounds.maxHead(), MAX_REQUEST_LINE);
  }

  @Override
  public Future<?> start() {
    Http1ServerConfig http1 =
        new Http1ServerConfig()
            .setMaxInitialLineLength(options.getMaxInitialLineLength())
            .setMaxHeaderSize(options.getMaxHeaderSize())
            .setMaxChunkSize(options.getMaxChunkSize());
    HttpServer created =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> connected(connection, http1))
            .requestHandler(request -> Reception.of(hall, request))
            .invalidRequestHandler(Acceptor::invalid)
            .exceptionHandler(
                failure -> LOG.log(Level.DEBUG, "connection failed: {0}", failure.getMessage()));
    server = Optional.of(created);
    return created.listen(port, host.getHostAddress());
  }

  private void connected(HttpConnection connection, Http1ServerConfig http1) {
    connection.exceptionHandler(
        failure -> LOG.log(Level.DEBUG, "connection failed: {0}", failure.getMessage()));
    PeerConnection peer = PeerConnection.open(connection, hall.options(), http1);
    if (hall.load().addConnection()) {
      peer.whenClosedForGood(hall.load()::removeConnection);
      if (peer.http2()) {
        http2.add(peer);
        peer.whenClosedForGood(() -> http2.remove(peer));
      }
    } else {
      peer.turnAway();
    }
  }

  /** A malformed head that came while the request before it was being answered. */
  private static void invalid(HttpServerRequest request) {
    int status = BadHeadException.status(request.decoderResult().cause());
    request
        .response()
        .setStatusCode(status)
        .putHeader("Connection", "close")
        .end(HttpResponseStatus.valueOf(status).reasonPhrase() + "\n");
  }

  int port() {
    return server.map(HttpServer::actualPort).orElse(hall.options().port());
  }

  /** Asks who is connected to come by another connection; requests are served as ever. */
  void leave() {
    tell(PeerConnection::leave);
  }

  /** Shuts down, and says first to those who were asked to leave what is the last to be served. */
  Future<Void> drain(Duration limit) {
    return tell(PeerConnection::takeNoMore).compose(told -> shutdown(limit));
  }

  private Future<Void> tell(Consumer<PeerConnection> what) {
    Promise<Void> told = Promise.promise();
    try {
      context.runOnContext(
          now -> {
            // Of a copy: a connection that breaks over it takes itself out.
            List.copyOf(http2).forEach(what);
            told.complete();
          });
    } catch (RejectedExecutionException ended) {
      LOG.log(Level.DEBUG, "nobody is left to be told: the loop has ended");
      told.complete();
    }
    return told.future();
  }

  Future<Void> shutdown(Duration limit) {
    return server.map(s -> s.shutdown(limit)).orElse(Future.succeededFuture());
  }

  String where() {
    return host.getHostAddress() + ":" + hall.options().port();
  }

  ListenException explain(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String why;
    if (message.contains("Address already in use")) {
      why = "the port is already in use";
    } else if (message.contains("Permission denied")) {
      why = "this user may not use that port";
    } else if (message.contains("Cannot assign requested address")) {
      why = "that is no address of this machine";
    } else {
      why = message;
    }
    return new ListenException(
        ListenException.Fault.ADDRESS, "cannot listen on " + where() + ": " + why, cause);
  }
}
