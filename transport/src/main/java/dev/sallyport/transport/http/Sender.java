package dev.sallyport.transport.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way from a blocking thread to one response on an event loop, and the only place where the two
 * meet. Threads queue bytes while {@link Credit} lasts and the loop writes what is queued; credit
 * comes back when the socket has taken the bytes. A full write queue of the engine could not do
 * that, because a virtual thread fills it faster than the loop empties it. Thread-safe; what says
 * so is called on the loop only.
 */
final class Sender {
  private static final System.Logger LOG = System.getLogger(Sender.class.getName());
  private static final long HTTP2_INTERNAL_ERROR = 2;

  /** What becomes of the answer. */
  interface Events {
    /** On any thread: it can not be completed any more. */
    void lost();

    /** On the loop, once: it was written completely, or lost. */
    void over(boolean complete);
  }

  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final PeerConnection peer;
  private final DateField date;
  private final Credit credit;
  private final Events events;

  /** Bounded by the credit. */
  private final Queue<Buffer> queued = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean flushDue = new AtomicBoolean();

  /** The rest belongs to the loop. */
  private boolean closeAfter;

  private boolean headPut;
  private Optional<KeepAlive> keepAlive = Optional.empty();

  Sender(
      Context context,
      HttpServerRequest request,
      PeerConnection peer,
      DateField date,
      Duration writeDeadline,
      Events events) {
    this.context = context;
    this.request = request;
    this.response = request.response();
    this.peer = peer;
    this.date = date;
    this.credit = new Credit(writeDeadline);
    this.events = events;
  }

  /**
   * On the loop, before anything else is done with the request: a close handler that is set after
   * the peer left never runs.
   */
  void watch() {
    response.closeHandler(closed -> peerLeft());
    response.exceptionHandler(failure -> peerLeft());
    if (response.closed()) {
      peerLeft();
    }
  }

  private void peerLeft() {
    // An answer that was handed over completely is judged by whether it was written. With HTTP/2
    // this is also called when a stream is closed because its answer is complete.
    if (!credit.isEnding()) {
      lost();
    }
  }

  private void lost() {
    if (credit.lose()) {
      queued.clear();
      events.lost();
      onLoop(() -> over(false));
    }
  }

  private void over(boolean complete) {
    keepAlive.ifPresent(KeepAlive::stop);
    events.over(complete);
  }

  /** Whether nothing more can be sent: the answer has ended or the peer is gone. */
  boolean isOver() {
    return credit.isOver();
  }

  Duration quietFor() {
    return credit.quietFor();
  }

  /** On the loop: whether something of the answer was handed to the engine. */
  boolean hasBegun() {
    return headPut;
  }

  /** On the loop, before the head is sent: the connection is closed after this answer. */
  void closeAfter() {
    closeAfter = true;
  }

  /** On the loop: sends a whole answer without waiting for it to be written. */
  void sendNow(HttpAnswer answer) {
    if (credit.end()) {
      putHead(answer.status(), answer.fields());
      endWith(answer.body());
    }
  }

  /** Sends a whole answer; blocks until it is written or the peer is gone. */
  void send(HttpAnswer answer) {
    if (answer.body().length <= Credit.WINDOW || isHead()) {
      if (credit.end()) {
        onLoop(
            () -> {
              putHead(answer.status(), answer.fields());
              endWith(answer.body());
            });
        breakOffIfStuck(credit.awaitComplete());
      }
      return;
    }
    onLoop(
        () -> {
          putHead(answer.status(), answer.fields());
          response.putHeader("Content-Length", Integer.toString(answer.body().length));
        });
    if (write(answer.body())) {
      end();
    }
  }

  /** Sends the head of an answer whose body comes in pieces. */
  void begin(int status, HttpFields fields, KeepAlive comments) {
    flushDue.set(true);
    onLoop(
        () -> {
          if (isHttp10()) {
            closeAfter = true;
          }
          putHead(status, fields);
          flush();
          keepAlive = Optional.of(comments);
          comments.start(this);
        });
  }

  /**
   * Queues bytes, one caller after the other, and blocks while there is no credit for them.
   *
   * @return false when the peer is gone or the answer has ended
   */
  boolean write(byte[] bytes) {
    Credit.Wait turn = credit.takeTurn();
    if (turn != Credit.Wait.GRANTED) {
      breakOffIfStuck(turn);
      return false;
    }
    try {
      for (int at = 0; at < bytes.length; at += Credit.WINDOW) {
        int length = Math.min(Credit.WINDOW, bytes.length - at);
        Credit.Wait room = credit.spend(length);
        if (room != Credit.Wait.GRANTED) {
          breakOffIfStuck(room);
          return false;
        }
        queue(Buffer.buffer(length).appendBytes(bytes, at, length));
      }
      return true;
    } finally {
      credit.endTurn();
    }
  }

  /** Queues a few bytes if nothing else is on its way; gives up a peer that takes nothing. */
  void nudge(byte[] bytes) {
    if (credit.isStuck()) {
      breakOff();
    } else if (credit.spendIfQuiet(bytes.length)) {
      queue(Buffer.buffer(bytes));
    }
  }

  /** Ends the answer; blocks until all of it is written or the peer is gone. */
  void end() {
    Credit.Wait turn = credit.takeTurn();
    if (turn != Credit.Wait.GRANTED) {
      breakOffIfStuck(turn);
      return;
    }
    boolean first = credit.end();
    credit.endTurn();
    if (first) {
      onLoop(
          () -> {
            flush();
            endWith(new byte[0]);
          });
      breakOffIfStuck(credit.awaitComplete());
    }
  }

  /** Gives up: what is not written will not be, and the peer can tell that it was cut off. */
  void breakOff() {
    if (!credit.lose()) {
      return;
    }
    queued.clear();
    events.lost();
    onLoop(
        () -> {
          over(false);
          if (peer.http2()) {
            response.reset(HTTP2_INTERNAL_ERROR);
          } else {
            peer.cutOff();
          }
        });
  }

  private void breakOffIfStuck(Credit.Wait wait) {
    if (wait == Credit.Wait.STUCK) {
      breakOff();
    }
  }

  private boolean isHead() {
    return request.method().name().equals("HEAD");
  }

  private boolean isHttp10() {
    return request.version() == HttpVersion.HTTP_1_0;
  }

  private void queue(Buffer bytes) {
    queued.add(bytes);
    if (flushDue.compareAndSet(false, true)) {
      onLoop(this::flush);
    }
  }

  /** On the loop: writes what has been queued since the last time, the head first. */
  private void flush() {
    flushDue.set(false);
    if (response.closed() || response.ended()) {
      lost();
      return;
    }
    Buffer due = queued.poll();
    for (Buffer next = due == null ? null : queued.poll(); next != null; next = queued.poll()) {
      due = due.appendBuffer(next);
    }
    if (due != null) {
      int length = due.length();
      response.write(due).onComplete(result -> written(length, result));
    } else if (!response.headWritten()) {
      // The engine would announce chunks to HTTP/1.0 as well if it wrote nothing but the head.
      if (isHttp10()) {
        response.write(Buffer.buffer());
      } else {
        response.writeHead();
      }
    }
  }

  private void written(int length, AsyncResult<Void> result) {
    if (result.failed()) {
      lost();
    } else {
      credit.giveBack(length);
    }
  }

  /** On the loop. */
  private void putHead(int status, HttpFields fields) {
    if (response.closed() || response.headWritten()) {
      return;
    }
    if (!headPut) {
      headPut = true;
      peer.answerBegan();
    }
    response.setStatusCode(status);
    fields.forEach((name, value) -> response.headers().add(name, value));
    response.putHeader("Date", date.now());
    if (closeAfter && !peer.http2()) {
      response.putHeader("Connection", "close");
    }
  }

  /** On the loop. */
  private void endWith(byte[] body) {
    if (response.closed() || response.ended()) {
      lost();
    } else if (isHead() && !response.headWritten()) {
      response.putHeader("Content-Length", Integer.toString(body.length));
      response.end().onComplete(this::ended);
    } else {
      response.end(Buffer.buffer(body)).onComplete(this::ended);
    }
  }

  private void ended(AsyncResult<Void> result) {
    if (result.failed()) {
      lost();
      return;
    }
    credit.complete();
    over(true);
    if (closeAfter && !peer.http2()) {
      peer.linger();
    }
  }

  private void onLoop(Runnable task) {
    try {
      context.runOnContext(
          nothing -> {
            try {
              task.run();
            } catch (IllegalStateException over) {
              // The engine's word for a response that was reset or closed a moment ago.
              LOG.log(Level.DEBUG, "response is over: {0}", over.getMessage());
              lost();
            }
          });
    } catch (RejectedExecutionException closing) {
      LOG.log(Level.DEBUG, "listener is closing: {0}", closing.getMessage());
      lost();
    }
  }
}
