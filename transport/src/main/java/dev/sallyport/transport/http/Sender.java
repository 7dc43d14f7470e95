package dev.sallyport.transport.http;

import dev.sallyport.protocol.Log;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final Log LOG = Log.of(Sender.class);

  private static final HttpAnswer TOO_MUCH =
      HttpAnswer.text(503, "too many large answers wait for peers to take them")
          .with("Retry-After", "1");

  /** What becomes of the answer. */
  interface Events {
    /** On any thread: it can not be completed any more. */
    void lost();

    /** On the loop, once: it was written completely, or lost. */
    void over(boolean complete);
  }

  /** Small enough that the next bytes are on their way before the last ones have been taken. */
  private static final int SLICE = Credit.WINDOW / 4;

  private final Context context;
  private final LoopResponse response;
  private final boolean withoutBody;
  private final Credit credit;
  private final Events events;
  private final Load load;

  /** Bounded by the credit. */
  private final Queue<ByteBuf> queued = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean flushDue = new AtomicBoolean();

  /** Belongs to the loop. */
  private Optional<KeepAlive> keepAlive = Optional.empty();

  Sender(
      Context context,
      HttpServerRequest request,
      LoopResponse response,
      Duration writeDeadline,
      Load load,
      Events events) {
    this.context = context;
    this.response = response;
    this.withoutBody = LoopResponse.isHead(request);
    this.credit = new Credit(writeDeadline);
    this.load = load;
    this.events = events;
  }

  /** On the loop, before anything else is done with the request. */
  void watch() {
    response.onClose(this::peerLeft);
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

  /** On the loop: sends a whole answer, whatever its size, without waiting for it to be written. */
  void sendNow(HttpAnswer answer) {
    if (credit.end()) {
      hand(answer);
    }
  }

  /** On the loop. No thread waits, so a peer that takes nothing is given up by a timer. */
  private void hand(HttpAnswer answer) {
    response.head(answer.status(), answer.fields());
    endWith(BufferInternal.buffer(Unpooled.wrappedBuffer(answer.body())));
    if (!credit.isSettled()) {
      context.owner().setTimer(credit.deadline().toMillis(), late -> breakOff());
    }
  }

  /**
   * Sends a whole answer. Blocks until one that is larger than the window is written or the peer is
   * gone; a smaller one is only handed over, since the loop sees to it that it is taken in time.
   * Instead of one that is too much beside those that others have not taken yet, it says so.
   */
  void send(HttpAnswer answer) {
    byte[] body = answer.body();
    if (body.length <= Credit.WINDOW || withoutBody) {
      if (credit.end()) {
        onLoop(() -> hand(answer));
      }
    } else if (!load.addAnswer(body.length)) {
      send(TOO_MUCH);
    } else {
      try {
        credit.progress();
        onLoop(
            () -> {
              response.head(answer.status(), answer.fields(), body.length);
              new Pump(response, credit, body, this::endWith, this::lost).run();
            });
        breakOffIfStuck(credit.awaitComplete());
      } finally {
        load.removeAnswer(body.length);
      }
    }
  }

  /** Sends the head of an answer whose body comes in pieces. */
  void begin(int status, HttpFields fields, KeepAlive comments) {
    flushDue.set(true);
    onLoop(
        () -> {
          response.openHead(status, fields);
          flush();
          keepAlive = Optional.of(comments);
          comments.start(this);
        });
  }

  /**
   * Queues bytes, one caller after the other, and blocks while there is no credit for them. Breaks
   * off when they are too much beside what others have not taken yet.
   *
   * @return false when the peer is gone or the answer has ended
   */
  boolean write(byte[] bytes) {
    if (bytes.length <= Credit.WINDOW) {
      return put(bytes);
    }
    if (!load.addAnswer(bytes.length)) {
      breakOff();
      return false;
    }
    try {
      return put(bytes);
    } finally {
      load.removeAnswer(bytes.length);
    }
  }

  private boolean put(byte[] bytes) {
    Credit.Wait turn = credit.takeTurn();
    if (turn != Credit.Wait.GRANTED) {
      breakOffIfStuck(turn);
      return false;
    }
    try {
      for (int at = 0; at < bytes.length; at += SLICE) {
        int length = Math.min(SLICE, bytes.length - at);
        Credit.Wait room = credit.spend(length);
        if (room != Credit.Wait.GRANTED) {
          breakOffIfStuck(room);
          return false;
        }
        queue(Unpooled.wrappedBuffer(bytes, at, length));
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
      queue(Unpooled.wrappedBuffer(bytes));
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
            endWith(Buffer.buffer());
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
          response.breakOff();
        });
  }

  private void breakOffIfStuck(Credit.Wait wait) {
    if (wait == Credit.Wait.STUCK) {
      breakOff();
    }
  }

  private void queue(ByteBuf bytes) {
    queued.add(bytes);
    if (flushDue.compareAndSet(false, true)) {
      onLoop(this::flush);
    }
  }

  /** On the loop: writes what has been queued since the last time, the head first. */
  private void flush() {
    flushDue.set(false);
    if (response.isOver()) {
      lost();
      return;
    }
    List<ByteBuf> due = new ArrayList<>();
    for (ByteBuf next = queued.poll(); next != null; next = queued.poll()) {
      due.add(next);
    }
    if (due.isEmpty()) {
      response.sendHead();
    } else {
      Buffer bytes = BufferInternal.buffer(Unpooled.wrappedBuffer(due.toArray(new ByteBuf[0])));
      int length = bytes.length();
      response.write(bytes).onComplete(result -> written(length, result));
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
  private void endWith(Buffer body) {
    if (response.isOver()) {
      lost();
      return;
    }
    response.end(body).onComplete(this::ended);
  }

  private void ended(AsyncResult<Void> result) {
    if (result.failed()) {
      lost();
      return;
    }
    if (credit.complete()) {
      over(true);
      response.written();
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
