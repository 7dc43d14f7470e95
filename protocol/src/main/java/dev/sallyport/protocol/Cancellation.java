package dev.sallyport.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the work for an exchange is still wanted. Cancelling runs each registered action once, on
 * the cancelling thread, so actions must be short and must not block. Thread-safe.
 */
public final class Cancellation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Runnable> actions = new LinkedHashMap<>();
  private boolean cancelled;

  /** Undoes a registration. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  public void cancel() {
    List<Runnable> due;
    lock.lock();
    try {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions.values());
      actions.clear();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  public boolean isCancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  /** Registers an action; it runs at once when cancellation came first. */
  public Registration onCancel(Runnable action) {
    Object key = new Object();
    lock.lock();
    try {
      if (!cancelled) {
        actions.put(key, action);
        return () -> forget(key);
      }
    } finally {
      lock.unlock();
    }
    action.run();
    return () -> {};
  }

  private void forget(Object key) {
    lock.lock();
    try {
      actions.remove(key);
    } finally {
      lock.unlock();
    }
  }
}
