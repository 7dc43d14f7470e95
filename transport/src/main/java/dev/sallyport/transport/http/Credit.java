package dev.sallyport.transport.http;

import dev.sallyport.transport.LongWait;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How much of one answer may be on its way, whose turn it is to write, and how the answer ended. A
 * thread that waits here is woken by credit that comes back, by the end of the answer or of the
 * peer, or by the deadline: never left behind. Thread-safe.
 */
final class Credit {
  /** What may be on its way to one peer: 2,000 peers that read nothing cost 128 MiB. */
  static final int WINDOW = 64 * 1024;

  /** How waiting ended. */
  enum Wait {
    GRANTED,
    /** The peer is gone, or the answer has ended. */
    OVER,
    /** The peer took nothing for as long as the deadline, or the waiting thread was interrupted. */
    STUCK
  }

  private final long deadlineNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private int left = WINDOW;
  private boolean turnTaken;
  private boolean ending;
  private boolean complete;
  private boolean gone;
  private long lastProgress = System.nanoTime();

  Credit(Duration writeDeadline) {
    deadlineNanos = writeDeadline.toNanos();
  }

  /**
   * Waits to be the only writer. Whoever is it writes on or is given up, so this needs no limit.
   */
  Wait takeTurn() {
    lock.lock();
    try {
      while (turnTaken && !gone && !ending) {
        change.await();
      }
      if (gone || ending) {
        return Wait.OVER;
      }
      turnTaken = true;
      return Wait.GRANTED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Wait.STUCK;
    } finally {
      lock.unlock();
    }
  }

  void endTurn() {
    lock.lock();
    try {
      turnTaken = false;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for room for as many bytes, at most {@link #WINDOW}, and takes it. */
  Wait spend(int bytes) {
    lock.lock();
    try {
      if (!await(() -> gone || left >= bytes)) {
        return Wait.STUCK;
      }
      if (gone) {
        return Wait.OVER;
      }
      take(bytes);
      return Wait.GRANTED;
    } finally {
      lock.unlock();
    }
  }

  /** Takes room only when nothing is on its way and nobody is about to write. */
  boolean spendIfQuiet(int bytes) {
    lock.lock();
    try {
      if (gone || ending || turnTaken || left < WINDOW) {
        return false;
      }
      take(bytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void take(int bytes) {
    if (left == WINDOW) {
      lastProgress = System.nanoTime();
    }
    left -= bytes;
  }

  /** The socket has taken as many bytes. */
  void giveBack(int bytes) {
    lock.lock();
    try {
      left += bytes;
      lastProgress = System.nanoTime();
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The socket has taken something that no credit was spent for. */
  void progress() {
    lock.lock();
    try {
      lastProgress = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing will be written after what is queued; false when that is known already. */
  boolean end() {
    lock.lock();
    try {
      if (gone || ending) {
        return false;
      }
      ending = true;
      if (left == WINDOW) {
        lastProgress = System.nanoTime();
      }
      change.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Everything is written; false when it was given up before. */
  boolean complete() {
    lock.lock();
    try {
      complete = !gone;
      change.signalAll();
      return complete;
    } finally {
      lock.unlock();
    }
  }

  Wait awaitComplete() {
    lock.lock();
    try {
      if (!await(() -> gone || complete)) {
        return Wait.STUCK;
      }
      return complete ? Wait.GRANTED : Wait.OVER;
    } finally {
      lock.unlock();
    }
  }

  /** The peer will take nothing more; false when that is known, or the answer had arrived. */
  boolean lose() {
    lock.lock();
    try {
      if (gone || complete) {
        return false;
      }
      gone = true;
      change.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more can be written. */
  boolean isOver() {
    lock.lock();
    try {
      return gone || ending;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is known what became of the answer. */
  boolean isSettled() {
    lock.lock();
    try {
      return gone || complete;
    } finally {
      lock.unlock();
    }
  }

  Duration deadline() {
    return Duration.ofNanos(deadlineNanos);
  }

  boolean isEnding() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Whether bytes have been on their way for longer than the deadline. */
  boolean isStuck() {
    lock.lock();
    try {
      return left < WINDOW && System.nanoTime() - lastProgress > deadlineNanos;
    } finally {
      lock.unlock();
    }
  }

  /** How long ago bytes were last queued or taken. */
  Duration quietFor() {
    lock.lock();
    try {
      return Duration.ofNanos(System.nanoTime() - lastProgress);
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. False when the deadline passed without progress, or the thread is to stop. */
  private boolean await(BooleanSupplier done) {
    try {
      while (!done.getAsBoolean()) {
        long nanos = deadlineNanos - (System.nanoTime() - lastProgress);
        if (nanos <= 0) {
          return false;
        }
        LongWait.await(lock, change, nanos);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
