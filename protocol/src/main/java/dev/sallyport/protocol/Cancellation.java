package dev.sallyport.protocol;

import java.util.ArrayList;
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

  /** Undoes a registration; an action that is running already is not waited for. */
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
    runAll(due);
  }

  /** One broken action must not keep the work of the others going. */
  private static void runAll(List<Runnable> due) {
    List<RuntimeException> faults = new ArrayList<>();
    for (Runnable action : due) {
      try {
        action.run();
      } catch (RuntimeException e) {
        faults.add(e);
      }
    }
    if (!faults.isEmpty()) {
      RuntimeException first = faults.removeFirst();
      faults.forEach(first::addSuppressed);
      throw first;
    }
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
