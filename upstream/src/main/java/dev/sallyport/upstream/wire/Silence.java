package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells a server that hangs from one that is slow with a single call. The first is given up, or it
 * would cost every later call its whole time limit; the second keeps its other calls. Thread-safe.
 */
public final class Silence {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int SHARE = 4;

  private static final long SOON = Duration.ofSeconds(2).toNanos();

  private final Wire wire;
  private final Method method;
  private final JsonObject params;
  private final Duration limit;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long spoke = System.nanoTime() - SOON;

  /**
   * @param method a request that every server of the era answers at once, somehow
   * @param quiet how long a call may go without a word
   */
  public Silence(Wire wire, Method method, JsonObject params, Duration quiet) {
    this.wire = wire;
    this.method = method;
    this.params = params;
    // Soon enough that calls which began meanwhile have not run out of time themselves.
    Duration share = quiet.dividedBy(SHARE);
    limit = share.compareTo(LONGEST) < 0 ? share : LONGEST;
  }

  /**
   * Ends a call that took too long, and draws the conclusion. One that is waiting for an answer of
   * ours is silent with good reason, and so is never given up.
   *
   * @param since when the call began, by {@link System#nanoTime}
   */
  public void after(Call call, long since) {
    call.close();
    boolean silent = !wire.heardSince(since) && wire.calls().noneParked();
    if (silent && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("sallyport-silence").start(this::ask);
    }
  }

  /** Other calls and whatever it remembers would be lost with it: it is asked whether it lives. */
  private void ask() {
    try {
      // No room to ask is no sign; the next call that runs out of time tries again.
      if (!breaks(limit) && wire.calls().noneParked()) {
        wire.giveUp();
      }
    } finally {
      asking.set(false);
    }
  }

  /**
   * Whether the server still answers as one of its era does, when it has answered a call with
   * something that is none: that may be about the call alone, and what one caller sends must not
   * take the server away from the others. Who asks soon after another is told the same.
   */
  public boolean stillSpeaks() {
    if (System.nanoTime() - spoke < SOON) {
      return true;
    }
    boolean speaks =
        wire.ask(method, params, limit).filter(Message.Result.class::isInstance).isPresent();
    if (speaks) {
      spoke = System.nanoTime();
    }
    return speaks;
  }

  /**
   * Asks the server something and waits for any word of it: an error, or progress of another call,
   * will do.
   *
   * @return false when it said nothing at all
   */
  public boolean breaks(Duration patience) {
    long asked = System.nanoTime();
    Optional<Call> begun = wire.calls().begin(Call.Purpose.OUR_OWN);
    if (begun.isEmpty()) {
      return wire.alive();
    }
    try (Call call = begun.get()) {
      wire.send(call, new Message.Request(call.id(), method.text(), params), Map.of());
      call.reply(asked + patience.toNanos());
      return wire.alive() && wire.heardSince(asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return wire.alive();
    }
  }
}
