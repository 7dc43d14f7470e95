package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells whoever listens that a list may have changed, for a reason of ours. Thread-safe. */
final class Bell {
  private final Set<Consumer<Method>> listeners = ConcurrentHashMap.newKeySet();

  /** Undoes it. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param listener called with the change, on any thread; must not block
   */
  Registration listen(Consumer<Method> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** How many listen, for tests. */
  int listeners() {
    return listeners.size();
  }

  void ring(Method change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
