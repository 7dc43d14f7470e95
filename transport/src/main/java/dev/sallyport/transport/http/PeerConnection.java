package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a client, of either version of HTTP: how busy it is, how long it may idle, and
 * how it ends. The one class that reaches below the public API of Vert.x, because only there can a
 * head be timed, a malformed one be answered, and a connection be cut off while a write is stuck.
 * Confined to the connection's event loop.
 */
final class PeerConnection {
  private static final AttributeKey<PeerConnection> KEY =
      AttributeKey.valueOf(PeerConnection.class, "connection");

  private static final long HTTP2_NO_ERROR = 0;

  /** In a farewell: whatever still comes is taken (RFC 9113, 6.8). */
  private static final int ANY_STREAM = Integer.MAX_VALUE;

  /** In a farewell: what has come until now is taken, and no more. */
  private static final int LAST_STREAM = -1;

  /** How long a peer that still sends is listened to after it was told that it is over. */
  private static final long LINGER_MILLIS = 1000;

  private final HttpConnection connection;
  private final Channel channel;
  private final ListenOptions options;
  private final InetSocketAddress address;
  private Optional<StrictRequestDecoder> decoder = Optional.empty();
  private Optional<ScheduledFuture<?>> idleTimer = Optional.empty();
  private Runnable whenClosed = () -> {};
  private boolean leaving;
  private int active;
  private int answering;
  private long idleSince = System.nanoTime();

  private PeerConnection(HttpConnection connection, Channel channel, ListenOptions options) {
    this.connection = connection;
    this.channel = channel;
    this.options = options;
    this.address = addressOf(channel.remoteAddress());
  }

  /** Takes over a connection that was just made. */
  static PeerConnection open(
      HttpConnection connection, ListenOptions options, Http1ServerConfig http1) {
    Channel channel = channelOf(connection);
    PeerConnection peer = new PeerConnection(connection, channel, options);
    channel.attr(KEY).set(peer);
    if (connection.protocolVersion() != HttpVersion.HTTP_2) {
      StrictRequestDecoder strict =
          new StrictRequestDecoder(http1, peer, options.headDeadline().toNanos());
      channel.pipeline().replace("httpDecoder", "httpDecoder", strict);
      peer.decoder = Optional.of(strict);
    }
    peer.watchIdle(options.idle().toNanos());
    channel.closeFuture().addListener(closed -> peer.closed());
    return peer;
  }

  static PeerConnection of(HttpConnection connection) {
    return channelOf(connection).attr(KEY).get();
  }

  private static Channel channelOf(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  private static InetSocketAddress addressOf(SocketAddress address) {
    return address instanceof InetSocketAddress known
        ? known
        : InetSocketAddress.createUnresolved("unknown", 0);
  }

  private void closed() {
    idleTimer.ifPresent(timer -> timer.cancel(false));
    whenClosed.run();
  }

  /** What to do when the connection closes, in place of what was to be done until now. */
  void whenClosed(Runnable action) {
    whenClosed = action;
  }

  void whenClosedForGood(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  /** One connection too many. No time is spent on it: it would be time of the others. */
  void turnAway() {
    if (http2()) {
      connection.close();
    } else {
      refuse(503);
      cutOff();
    }
  }

  InetSocketAddress address() {
    return address;
  }

  boolean http2() {
    return decoder.isEmpty();
  }

  /** A head has come. */
  void requestBegan() {
    active++;
  }

  void answerBegan() {
    answering++;
  }

  /** The answer is complete and the body read, or both were given up. */
  void requestOver(boolean answerBegan) {
    active--;
    answering -= answerBegan ? 1 : 0;
    idleSince = System.nanoTime();
  }

  boolean isBusy() {
    return active > 0;
  }

  /** Whether a request that is not over has been answered, if only in part. */
  boolean isAnswering() {
    return answering > 0;
  }

  /**
   * Asks an HTTP/2 peer to take another connection for its next request (RFC 9113, 6.8). What is
   * under way goes on, and so does what comes before the peer has read this; once nothing has come
   * for a moment, the connection is closed. A peer of HTTP/1 is told with its next answer.
   */
  void leave() {
    if (http2() && !leaving && channel.isActive()) {
      leaving = true;
      sayFarewell(ANY_STREAM);
      idleTimer.ifPresent(timer -> timer.cancel(false));
      idleSince = System.nanoTime();
      watchIdle(longestIdle());
    }
  }

  /**
   * A peer that was asked to leave, and did not, is told which of its requests are still served. To
   * others the engine says so when it shuts down, but it would not say it twice.
   */
  void takeNoMore() {
    if (leaving && channel.isActive()) {
      sayFarewell(LAST_STREAM);
    }
  }

  @SuppressWarnings("deprecation") // In its place there is only what also closes the connection.
  private void sayFarewell(int lastStream) {
    connection.goAway(HTTP2_NO_ERROR, lastStream);
  }

  private long longestIdle() {
    long idle = options.idle().toNanos();
    return leaving ? Math.min(idle, TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) : idle;
  }

  private void watchIdle(long nanos) {
    idleTimer =
        Optional.of(channel.eventLoop().schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS));
  }

  private void checkIdle() {
    if (!channel.isActive()) {
      return;
    }
    long left = longestIdle() - (System.nanoTime() - idleSince);
    if (active > 0) {
      watchIdle(longestIdle());
    } else if (left > 0) {
      watchIdle(left);
    } else {
      // In case not even the farewell gets through.
      cutOffSoon();
      takeNoMore();
      connection.close();
    }
  }

  /**
   * Refuses an HTTP/1 request that never became one, and closes. Only when no answer is under way.
   */
  void refuse(int status) {
    String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
    String text =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n%s"
                .formatted(
                    status, reason, reason.length() + 1, status == 503 ? "Retry-After: 1\r\n" : "")
            + "Connection: close\r\n\r\n"
            + reason
            + "\n";
    decoder.ifPresent(StrictRequestDecoder::discard);
    // From below the parser, past the encoder that expects answers to requests it has seen.
    channel
        .pipeline()
        .context(StrictRequestDecoder.class)
        .writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII))
        .addListener(written -> linger());
  }

  /**
   * Closes after an answer that the peer may not expect yet. Closing at once while it still sends
   * would make its kernel throw the answer away, so what comes is read for a moment and discarded.
   */
  void linger() {
    if (!channel.isActive()) {
      return;
    }
    decoder.ifPresent(StrictRequestDecoder::discard);
    if (channel instanceof DuplexChannel duplex
        && channel.pipeline().get(SslHandler.class) == null) {
      duplex.shutdownOutput().addListener(shut -> cutOffSoon());
    } else {
      cutOffSoon();
    }
  }

  private void cutOffSoon() {
    idleTimer.ifPresent(timer -> timer.cancel(false));
    idleTimer =
        Optional.of(
            channel.eventLoop().schedule(this::cutOff, LINGER_MILLIS, TimeUnit.MILLISECONDS));
  }

  /**
   * Closes the socket whatever is still to be written. The orderly way would wait for a peer that
   * reads nothing.
   */
  void cutOff() {
    channel.unsafe().close(channel.voidPromise());
  }
}
