package dev.sallyport.cli;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Something that is opened on a platform thread of its own while other things come up, and closed
 * with this. Thread-safe.
 */
final class Ahead<T> implements AutoCloseable {
  private final CompletableFuture<T> opened = new CompletableFuture<>();
  private final Closing<T> closing;
  private final Thread opener;

  /** How to open it; to be interrupted when it is no longer wanted. */
  interface Opening<T> {
    T open() throws CliFault;
  }

  interface Closing<T> {
    void close(T opened) throws CliFault;
  }

  private Ahead(String name, Opening<T> opening, Closing<T> closing) {
    this.closing = closing;
    opener = Thread.ofPlatform().name("sallyport-start-" + name).unstarted(() -> open(opening));
    opener.setDaemon(true);
  }

  static <T> Ahead<T> begin(String name, Opening<T> opening, Closing<T> closing) {
    Ahead<T> ahead = new Ahead<>(name, opening, closing);
    ahead.opener.start();
    return ahead;
  }

  private void open(Opening<T> opening) {
    try {
      opened.complete(opening.open());
    } catch (CliFault | RuntimeException e) {
      opened.completeExceptionally(e);
    }
  }

  /** It, once it is there; at most a copy of the news, for those who must not touch it. */
  CompletableFuture<T> whenOpen() {
    return opened.copy();
  }

  /**
   * Blocks until it is there. An interrupt is passed on to whoever opens it, who says how it ended.
   *
   * @throws CliFault why it could not be opened
   */
  T get() throws CliFault {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opened.get();
        } catch (InterruptedException e) {
          interrupted = true;
          opener.interrupt();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CliFault fault) {
        throw fault;
      }
      throw new IllegalStateException("it could not be opened", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes it, or keeps it from being opened. */
  @Override
  public void close() throws CliFault {
    if (!opened.isDone()) {
      opener.interrupt();
    }
    Optional<T> left = opened.handle((value, _) -> Optional.ofNullable(value)).join();
    if (left.isPresent()) {
      closing.close(left.get());
    }
  }
}
