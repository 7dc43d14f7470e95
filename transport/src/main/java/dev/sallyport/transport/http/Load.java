package dev.sallyport.transport.http;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a listener carries right now, against what it may carry (SH-23). Thread-safe. */
final class Load {
  private static final long MIB = 1024L * 1024;

  private final int maxConnections;
  private final int maxRequests;
  private final long maxBodyBytes;
  private final long maxAnswerBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition noRequests = lock.newCondition();
  private int connections;
  private int requests;
  private long bodyBytes;
  private long answerBytes;

  Load(ListenOptions options) {
    maxConnections = options.maxConnections();
    maxRequests = options.maxConcurrent();
    // All bodies together: many callers may send a large one, but not all of them at once.
    maxBodyBytes = Math.max(64 * MIB, 16L * options.maxBody());
    maxAnswerBytes = Math.min(256 * MIB, Runtime.getRuntime().maxMemory() / 8);
  }

  boolean addConnection() {
    lock.lock();
    try {
      if (connections >= maxConnections) {
        return false;
      }
      connections++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void removeConnection() {
    lock.lock();
    try {
      connections--;
    } finally {
      lock.unlock();
    }
  }

  boolean addRequest() {
    lock.lock();
    try {
      if (requests >= maxRequests) {
        return false;
      }
      requests++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The request is over, and so is what its body took. */
  void removeRequest(long body) {
    lock.lock();
    try {
      requests--;
      bodyBytes -= body;
      if (requests == 0) {
        noRequests.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean addBody(int bytes) {
    lock.lock();
    try {
      if (bodyBytes + bytes > maxBodyBytes) {
        return false;
      }
      bodyBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A large answer, for as long as its peer has not taken it. */
  boolean addAnswer(int bytes) {
    lock.lock();
    try {
      if (answerBytes + bytes > maxAnswerBytes) {
        return false;
      }
      answerBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void removeAnswer(int bytes) {
    lock.lock();
    try {
      answerBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  /** The same for a thread that goes on at once when it is interrupted. */
  boolean settled(Duration limit) {
    try {
      return awaitNoRequests(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean awaitNoRequests(Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (requests > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = noRequests.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  int connections() {
    lock.lock();
    try {
      return connections;
    } finally {
      lock.unlock();
    }
  }

  int requests() {
    lock.lock();
    try {
      return requests;
    } finally {
      lock.unlock();
    }
  }

  long answerBytes() {
    lock.lock();
    try {
      return answerBytes;
    } finally {
      lock.unlock();
    }
  }

  long bodyBytes() {
    lock.lock();
    try {
      return bodyBytes;
    } finally {
      lock.unlock();
    }
  }
}
