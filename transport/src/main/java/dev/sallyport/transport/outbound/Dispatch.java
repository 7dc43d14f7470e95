package dev.sallyport.transport.outbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.HttpClientRequestInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;

/**
 * Carries out one request on a connection of the pool, and hands over what comes. Its fields belong
 * to the connection's loop; what other threads call goes there first.
 */
final class Dispatch {
  private static final long CANCEL = 8; // RFC 9113, 7
  private static final long DRAIN_MILLIS = 1_000;

  /** Connections that turn out to have ended before anything was written to them. */
  private static final int MOST_STALE = 3;

  private final Vertx vertx;
  private final Pool pool;
  private final Way way;
  private final long due;
  private final OutboundCall call;

  /** Given under the pool's lock. */
  private volatile Optional<Link> link = Optional.empty();

  private volatile boolean aborted;

  /** Until it is written: an answer can go on for days. */
  private Optional<OutboundRequest> unsent;

  private Optional<HttpClientRequest> sent = Optional.empty();
  private Optional<HttpClientResponse> answer = Optional.empty();
  private OptionalLong drainTimer = OptionalLong.empty();
  private OptionalLong heldSince = OptionalLong.empty();
  private boolean written;
  private boolean over;
  private int stale;

  /** Makes the one that works for a call. */
  interface Making {
    Dispatch of(OutboundCall call);
  }

  /**
   * @param due when waiting for a connection is to end
   */
  Dispatch(Vertx vertx, Pool pool, OutboundRequest request, Way way, long due, OutboundCall call) {
    this.vertx = vertx;
    this.pool = pool;
    this.unsent = Optional.of(request);
    this.way = way;
    this.due = due;
    this.call = call;
  }

  Way way() {
    return way;
  }

  long due() {
    return due;
  }

  void begin() {
    pool.admit(this);
  }

  void assign(Link given) {
    link = Optional.of(given);
  }

  /** Once it has a connection. */
  void carry() {
    onLoop(this::send);
  }

  /** When it gets none. */
  void fail(OutboundFault fault) {
    call.fail(fault);
  }

  void abort() {
    aborted = true;
    if (!pool.abandon(this)) {
      onLoop(this::breakOff);
    }
  }

  /** As {@link #abort}, unless the rest comes within a moment. */
  void drain() {
    if (pool.abandon(this)) {
      return;
    }
    onLoop(
        () -> {
          if (!over) {
            answer.ifPresent(HttpClientResponse::resume);
            drainTimer = OptionalLong.of(vertx.setTimer(DRAIN_MILLIS, late -> abort()));
          }
        });
  }

  void resume() {
    onLoop(() -> answer.ifPresent(HttpClientResponse::resume));
  }

  private void onLoop(Runnable task) {
    Optional<Link> carrying = link;
    try {
      carrying.ifPresent(given -> given.loop().runOnContext(nothing -> task.run()));
    } catch (RejectedExecutionException closing) {
      call.fail(OutboundFault.closed());
    }
  }

  private void send() {
    Link carrying = link.orElseThrow();
    if (aborted) {
      over = true;
      pool.giveBack(carrying);
      return;
    }
    carrying
        .request(unsent.orElseThrow())
        .onComplete(
            made -> {
              if (made.failed()) {
                tryAnother(carrying, made.cause());
              } else if (aborted) {
                sent = Optional.of(made.result());
                breakOff();
              } else {
                write(made.result());
              }
            });
  }

  /** Nothing was written, so nothing can have arrived. */
  private void tryAnother(Link ended, Throwable cause) {
    pool.release(ended, pool.now());
    stale++;
    if (stale <= MOST_STALE && !aborted) {
      link = Optional.empty();
      pool.admit(this);
    } else {
      over = true;
      call.fail(OutboundFault.beforeSending(cause));
    }
  }

  private void write(HttpClientRequest connected) {
    OutboundRequest request = unsent.orElseThrow();
    unsent = Optional.empty();
    sent = Optional.of(connected);
    connected.exceptionHandler(this::failed);
    connected
        .response()
        .onComplete(
            came -> {
              if (came.succeeded()) {
                receive(came.result());
              } else {
                failed(came.cause());
              }
            });
    // A POST says how long it is, even when that is nothing (RFC 9110, 8.6).
    boolean bare = request.body().length == 0 && !request.method().equals("POST");
    (bare
            ? connected.end()
            : connected.end(BufferInternal.buffer(Unpooled.wrappedBuffer(request.body()))))
        .onSuccess(done -> written = true);
  }

  private void receive(HttpClientResponse response) {
    response.exceptionHandler(this::failed);
    AnswerHead head;
    try {
      head = AnswerHead.of(response);
    } catch (IllegalArgumentException malformed) {
      failed(malformed);
      return;
    }
    answer = Optional.of(response);
    response.handler(
        piece -> {
          long now = pool.now();
          if (call.bytes(bytesOf(piece))) {
            heldSince = OptionalLong.of(heldSince.orElse(now));
            response.pause();
          }
        });
    response.endHandler(complete -> complete(head));
    call.head(head.status(), head.fields());
  }

  /** What the engine copied for us is not copied once more. */
  private static byte[] bytesOf(Buffer piece) {
    ByteBuf bytes = ((BufferInternal) piece).getByteBuf();
    return bytes.hasArray() && bytes.array().length == bytes.readableBytes()
        ? bytes.array()
        : piece.getBytes();
  }

  private void complete(AnswerHead head) {
    if (!over) {
      // A server that was held back may have been done long before we saw it.
      long since = heldSince.orElse(pool.now());
      Duration reusable = written ? head.reusable(pool.keepAlive()) : Duration.ZERO;
      conclude(link.orElseThrow(), since + reusable.toNanos());
      call.end();
    }
  }

  private void failed(Throwable cause) {
    if (!over) {
      boolean unseen =
          sent.map(made -> ((HttpClientRequestInternal) made).streamId())
              .map(stream -> OutboundFault.isUnseen(cause, stream))
              .orElse(false);
      breakOff();
      call.fail(
          pool.isClosed() ? OutboundFault.closed() : OutboundFault.afterSending(cause, unseen));
    }
  }

  private void breakOff() {
    if (over || sent.isEmpty()) {
      return;
    }
    Link carrying = link.orElseThrow();
    if (carrying.isShared()) {
      sent.get().reset(CANCEL);
      conclude(carrying, pool.now() + pool.keepAlive().toNanos());
    } else {
      conclude(carrying, pool.now());
    }
  }

  private void conclude(Link carrying, long goodUntil) {
    over = true;
    drainTimer.ifPresent(vertx::cancelTimer);
    pool.release(carrying, goodUntil);
  }
}
