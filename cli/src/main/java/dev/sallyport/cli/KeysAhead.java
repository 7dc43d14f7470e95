package dev.sallyport.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The keys of a gateway, opened while other things come up that wait for processes. */
final class KeysAhead implements AutoCloseable {
  private final FutureTask<GatewayKeys> opening;

  private KeysAhead(Callable<GatewayKeys> open) {
    opening = new FutureTask<>(open);
  }

  /** Begins on a platform thread, because opening them blocks on files. */
  static KeysAhead begin(Callable<GatewayKeys> open) {
    KeysAhead ahead = new KeysAhead(open);
    Thread.ofPlatform().name("sallyport-keys-start").daemon(true).start(ahead.opening);
    return ahead;
  }

  /** Blocks until they are open. */
  GatewayKeys get() throws CliFault {
    try {
      return opening.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CliFault fault) {
        throw fault;
      }
      throw new IllegalStateException("the keys could not be opened", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFault(CliFault.FAILURE, "stopped before the keys were open");
    }
  }

  @Override
  public void close() throws CliFault {
    boolean interrupted = Thread.interrupted();
    try {
      opening.get().close();
    } catch (ExecutionException e) {
      return; // There are none, and whoever asked for them was told why.
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
