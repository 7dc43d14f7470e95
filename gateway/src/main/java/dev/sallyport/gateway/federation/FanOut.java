package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks several servers at once, each on a virtual thread, and waits for none longer than it
 * deserves. A late one goes on: when it answers after all, somebody can be told. Confined to the
 * thread of the exchange.
 */
final class FanOut {
  private static final Log LOG = Log.of(FanOut.class);

  private final Duration most;
  private final Cancellation unwanted;
  private final Late late;
  private final List<Asked> asked = new ArrayList<>();

  /** One server's share. */
  interface Question {
    Outcome ask(Upstream upstream, Cancellation unwanted);
  }

  /** Told of a server that answered well when nobody waited any more. */
  interface Late {
    void answered(Upstream upstream);
  }

  /**
   * What a server said in time.
   *
   * @param outcome empty when it is late
   */
  record Said(Upstream upstream, Optional<Outcome> outcome) {}

  /**
   * @param most to wait, however much longer a server deserves
   * @param unwanted the client's cancellation, which ends all of it
   */
  FanOut(Duration most, Cancellation unwanted, Late late) {
    this.most = most;
    this.unwanted = unwanted;
    this.late = late;
  }

  void ask(Upstream upstream, Question question) {
    Duration patience = upstream.patience();
    boolean whole = patience.compareTo(most) <= 0;
    Asked one = new Asked(upstream, System.nanoTime() + (whole ? patience : most).toNanos(), whole);
    asked.add(one);
    Thread.ofVirtual()
        .name("sallyport-" + upstream.prefix() + "-asked")
        .start(() -> one.run(question, unwanted, late));
  }

  /** In the order in which they were asked; at once when nobody wants it any more. */
  List<Said> await() {
    List<Said> all = new ArrayList<>();
    for (Asked one : asked) {
      all.add(new Said(one.upstream, one.await(unwanted)));
    }
    return all;
  }

  private enum Phase {
    AWAITED,
    /** Nobody waits any more, but it may go on. */
    LEFT,
    OVER
  }

  /** One server that is being asked. */
  private static final class Asked {
    private final Upstream upstream;
    private final long until;
    private final boolean whole;
    private final AtomicReference<Optional<Outcome>> outcome =
        new AtomicReference<>(Optional.empty());
    private final CountDownLatch over = new CountDownLatch(1);
    private final Cancellation ended = new Cancellation();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.AWAITED);

    /**
     * @param whole whether it is late when it has not answered until then
     */
    Asked(Upstream upstream, long until, boolean whole) {
      this.upstream = upstream;
      this.until = until;
      this.whole = whole;
    }

    void run(Question question, Cancellation unwanted, Late late) {
      try (Cancellation.Registration _ = unwanted.onCancel(ended::cancel)) {
        outcome.set(Optional.of(answer(question, ended)));
      }
      over.countDown();
      boolean well = outcome.get().orElseThrow() instanceof Outcome.Complete;
      switch (phase.getAndSet(Phase.OVER)) {
        case LEFT -> {
          upstream.leftBehind().release();
          if (well && upstream.mayBeTold()) {
            late.answered(upstream);
          }
        }
        case AWAITED -> {
          if (well) {
            upstream.wasInTime();
          }
        }
        case OVER -> throw new IllegalStateException("nothing ends twice");
      }
    }

    private Outcome answer(Question question, Cancellation unwanted) {
      try {
        return question.ask(upstream, unwanted);
      } catch (RuntimeException broken) {
        LOG.log(System.Logger.Level.WARNING, "asking " + upstream.prefix() + " broke off", broken);
        return new Outcome.Failed(RpcError.internal("upstream unavailable"));
      }
    }

    /** It may go on, so that its answer can be told; but not however many of them. */
    private void leaveBehind() {
      if (whole) {
        upstream.wasLate();
      }
      if (!upstream.leftBehind().tryAcquire()) {
        ended.cancel();
      } else if (!phase.compareAndSet(Phase.AWAITED, Phase.LEFT)) {
        upstream.leftBehind().release();
      }
    }

    Optional<Outcome> await(Cancellation unwanted) {
      try (Cancellation.Registration _ = unwanted.onCancel(over::countDown)) {
        if (over.await(Math.max(until - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
          return outcome.get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      leaveBehind();
      return outcome.get();
    }
  }
}
