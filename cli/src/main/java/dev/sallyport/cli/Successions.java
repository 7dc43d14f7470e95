package dev.sallyport.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Waits for servers that are to take the places of others, a thread for each, and says whose
 * definition serves where that is not the one of the file. Told of changes by one thread at a time.
 */
final class Successions implements AutoCloseable {
  private final Screen screen;
  private final Runnable due;
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

  /**
   * @param due is run when one of them is up, is no longer wanted, or its time has come
   */
  Successions(Screen screen, Runnable due) {
    this.screen = screen;
    this.due = due;
  }

  /** A place is another one now. */
  void follow(Optional<Place> before, Place now) {
    Optional<Place.Successor> known = before.flatMap(Place::successor);
    if (now.successor().isPresent()) {
      now.successor().filter(next -> !known.equals(Optional.of(next))).ifPresent(this::begin);
    } else if (known.isPresent() && now.isOfAnother(before)) {
      over(now.serving());
    }
  }

  private void begin(Place.Successor next) {
    String name = next.server().config().name();
    long minutes = Math.ceilDiv(Math.max(0, left(next).toSeconds()), 60);
    screen.warn(
        name
            + ": the old definition serves for "
            + minutes
            + " min more at most; the new one "
            + next.server().notUp());
    waiting.removeIf(thread -> !thread.isAlive());
    waiting.add(
        Thread.ofPlatform().name("sallyport-successor-" + name).start(() -> awaitDue(next)));
  }

  private static Duration left(Place.Successor next) {
    return Duration.ofNanos(next.until() - System.nanoTime());
  }

  private void awaitDue(Place.Successor next) {
    try {
      next.server().standing().triesAreOver(left(next));
      due.run();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private void over(ConfiguredServer serving) {
    String name = serving.config().name();
    if (serving.isUp()) {
      screen.done("replaced", name + ": the new definition serves");
    } else {
      screen.warn(
          name
              + ": the old definition serves no more, its time is over; the new one "
              + serving.notUp());
    }
  }

  /** Nobody is waited for any more. */
  @Override
  public void close() {
    waiting.forEach(Thread::interrupt);
    Fleet.await(List.copyOf(waiting));
  }
}
