package dev.sallyport.upstream.http;

import java.util.concurrent.locks.ReentrantLock;

/**
 * How much of a server's answers is held here, all of them together: each may be large, but not all
 * at once, or one server could take the memory that the calls to others need. Thread-safe.
 */
final class AnswerRoom {
  private static final long MIB = 1024L * 1024;

  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private long taken;

  AnswerRoom(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  static AnswerRoom ofHeap() {
    return new AnswerRoom(Math.min(256 * MIB, Runtime.getRuntime().maxMemory() / 4));
  }

  /** What one answer takes of it. */
  Hold enter() {
    return new Hold();
  }

  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  final class Hold {
    private int held;
    private boolean over;

    /**
     * @param bytes that the answer takes now
     * @return false when there is no room for them; then nothing has changed
     */
    boolean take(int bytes) {
      lock.lock();
      try {
        long after = taken - held + bytes;
        if (over || (bytes > held && after > mostBytes)) {
          return false;
        }
        taken = after;
        held = bytes;
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** For good. */
    void leave() {
      lock.lock();
      try {
        taken -= held;
        held = 0;
        over = true;
      } finally {
        lock.unlock();
      }
    }
  }
}
