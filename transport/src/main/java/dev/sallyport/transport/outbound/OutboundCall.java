package dev.sallyport.transport.outbound;

import dev.sallyport.transport.LongWait;
import dev.sallyport.transport.http.HttpFields;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One request that was sent, and what has come of it so far. The event loop puts in, one thread at
 * a time takes out; what it does not take holds the peer back. Thread-safe.
 */
public final class OutboundCall implements AutoCloseable {
  /** What may wait of a stream to be taken before the connection is no longer read. */
  static final int WINDOW = 64 * 1024;

  /** The same of a whole answer, which is of no use to anybody in parts. */
  static final int WHOLE_WINDOW = 256 * 1024;

  private static final String STREAM = "text/event-stream";

  private final Runnable arrivals;
  private final Dispatch dispatch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final Deque<Arrival> waiting = new ArrayDeque<>(3); // head, bytes, end
  private int bytes;
  private boolean heldBack;
  private int window = WINDOW;
  private boolean over;
  private boolean closed;

  OutboundCall(Dispatch.Making dispatch, Runnable arrivals) {
    this.arrivals = arrivals;
    this.dispatch = dispatch.of(this);
  }

  void start() {
    dispatch.begin();
  }

  /**
   * Waits for the next thing to come; empty when nothing did in time.
   *
   * @param nanos how long; none to look only
   */
  public Optional<Arrival> take(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (waiting.isEmpty() && left > 0) {
        left = LongWait.await(lock, change, left);
      }
      return takeNow();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #take}, of what is there already. */
  public Optional<Arrival> poll() {
    lock.lock();
    try {
      return takeNow();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Arrival> takeNow() {
    Optional<Arrival> next = Optional.ofNullable(waiting.pollFirst());
    if (next.isPresent() && next.get() instanceof Arrival.Bytes(byte[] some)) {
      bytes -= some.length;
      if (heldBack && bytes < window / 2) {
        heldBack = false;
        dispatch.resume();
      }
    }
    return next;
  }

  void head(int status, HttpFields fields) {
    boolean stream =
        fields.first("Content-Type").filter(type -> type.startsWith(STREAM)).isPresent();
    window = stream ? WINDOW : WHOLE_WINDOW;
    // Nobody can do anything with a head alone: the first event, or the whole of a small answer,
    // comes most often with it, and a thread that is woken once costs half of one woken twice.
    put(new Arrival.Head(status, fields), false);
  }

  /** Whether the peer is to be held back from now on. */
  boolean bytes(byte[] some) {
    boolean full;
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      bytes += some.length;
      heldBack = bytes >= window;
      full = heldBack;
    } finally {
      lock.unlock();
    }
    put(new Arrival.Bytes(some), window == WINDOW || full);
    return full;
  }

  void end() {
    put(new Arrival.End(), true);
  }

  void fail(OutboundFault fault) {
    put(new Arrival.Failed(fault), true);
  }

  private void put(Arrival arrival, boolean tell) {
    boolean last = arrival instanceof Arrival.End || arrival instanceof Arrival.Failed;
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = last;
      if (closed) {
        return; // Nobody takes anything any more.
      }
      waiting.addLast(arrival);
      if (tell) {
        change.signal();
      }
    } finally {
      lock.unlock();
    }
    if (tell) {
      arrivals.run();
    }
  }

  /**
   * All that was wanted has come. What still comes is discarded for a moment, so that a connection
   * whose answer is about to end can be used again.
   */
  public void finish() {
    if (leave()) {
      dispatch.drain();
    }
  }

  /**
   * Gives up what has not come yet: the peer sees its connection, or its HTTP/2 stream, end
   * (CH-13). Does nothing when all has come.
   */
  @Override
  public void close() {
    if (leave()) {
      dispatch.abort();
    }
  }

  /** Nobody takes anything any more; whether there would have been more. */
  private boolean leave() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      waiting.clear();
      waiting.addLast(
          new Arrival.Failed(OutboundFault.of(OutboundFault.Kind.CLOSED, "ended by us")));
      change.signal();
      return !over;
    } finally {
      lock.unlock();
    }
  }
}
