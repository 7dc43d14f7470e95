package dev.sallyport.server;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.server.schema.InvalidInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One call of an author's code, on a thread of its own. The exchange that carries it waits beside
 * it and leaves as soon as the code is done, asks something, or is no longer wanted. So the code
 * can block in a question while no exchange is there at all, and the one that brings the answers
 * carries it on. Thread-safe.
 */
final class Run {
  /** A call that asks more often than this is not getting anywhere. */
  private static final int MOST_ROUNDS = 32;

  private final Work work;
  private final McpServer server;
  private final Parking parking;
  private final Exchange first;
  private final Runnable returned;
  private final Thread thread;
  private final Cancellation cancellation = new Cancellation();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private RunState state = new RunState.Working();
  private Exchange carrier;
  private Cancellation.Registration watching = () -> {};
  private Map<Ask<?>, Object> answers = new HashMap<>();
  private boolean asking;
  private int rounds;

  /**
   * @param returned runs when the code has returned, wanted or not
   */
  Run(Work work, Exchange first, McpServer server, Parking parking, Runnable returned) {
    this.work = work;
    this.server = server;
    this.parking = parking;
    this.first = first;
    this.returned = returned;
    this.carrier = first;
    this.thread = Thread.ofVirtual().name(work.name()).unstarted(this::carryOut);
  }

  /** Starts the code and stays with it as the first exchange that carries it. */
  Outcome start() {
    thread.start();
    watch(first);
    return stay();
  }

  /**
   * Brings answers, and stays with the code when none is missing.
   *
   * @return empty when these questions are no longer open: a handle is good for one round (MR-08)
   */
  Optional<Outcome> resume(String handle, Continuation given, Exchange exchange) {
    Map<Ask<?>, Object> read;
    Optional<RunState.Asking> asking = asking(handle);
    if (asking.isEmpty()) {
      return Optional.empty();
    }
    try {
      // Outside the lock: an author's record may be constructed here.
      read = Answers.read(asking.get().open(), given.answersInFull());
    } catch (InvalidInput unfit) {
      // The questions stay open, and a client that can mend its answer may come again (MR-11).
      return Optional.of(new Outcome.Failed(RpcError.invalidParams(UnfitAnswer.told(unfit))));
    }
    lock.lock();
    try {
      if (!state.equals(asking.get())) {
        return Optional.empty();
      }
      answers.putAll(read);
      List<Ask<?>> missing =
          asking.get().open().stream().filter(ask -> !answers.containsKey(ask)).toList();
      if (!missing.isEmpty()) {
        RunState.Asking again = new RunState.Asking(handle, missing);
        state = again;
        return Optional.of(again.outcome()); // MR-10
      }
      carrier = exchange;
      state = new RunState.Working();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watch(exchange);
    return Optional.of(stay());
  }

  private Optional<RunState.Asking> asking(String handle) {
    lock.lock();
    try {
      return state instanceof RunState.Asking open && open.handle().equals(handle)
          ? Optional.of(open)
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stays registered while a question is open: a legacy client cancels the call, not the answer.
   */
  private void watch(Exchange exchange) {
    Cancellation.Registration registration = exchange.cancellation().onCancel(this::drop);
    lock.lock();
    try {
      watching.close();
      watching = registration;
    } finally {
      lock.unlock();
    }
  }

  private Outcome stay() {
    lock.lock();
    try {
      while (true) {
        switch (state) {
          case RunState.Working() -> changed.await();
          case RunState.Asking asking -> {
            return asking.outcome();
          }
          case RunState.Done(Outcome outcome) -> {
            return outcome;
          }
          case RunState.Dropped() -> {
            return new Outcome.Cancelled();
          }
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      drop();
      return new Outcome.Cancelled();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody wants the result any more: interrupts the code and runs what it registered for this. */
  void drop() {
    lock.lock();
    try {
      if (isOver()) {
        return;
      }
      state = new RunState.Dropped();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      // First, so that code which is interrupted finds that it was cancelled.
      cancellation.cancel();
    } finally {
      thread.interrupt();
    }
  }

  private void carryOut() {
    Outcome outcome;
    try {
      outcome = work.attempt(new Call(this, server), this::isDropped);
    } finally {
      returned.run();
    }
    lock.lock();
    try {
      state =
          state instanceof RunState.Working ? new RunState.Done(outcome) : new RunState.Dropped();
      watching.close();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDropped() {
    lock.lock();
    try {
      return state instanceof RunState.Dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Called by the code: blocks until every answer is there. */
  Answers ask(List<Ask<?>> asks) throws InterruptedException {
    if (asks.stream().map(Ask::key).distinct().count() != asks.size()) {
      throw new IllegalArgumentException("two questions have the same key (MR-04)");
    }
    for (Ask<?> ask : asks) {
      if (!ask.needs().isDeclaredBy(carrier().client())) {
        throw new MissingCapability(ask.needs()); // MR-05
      }
    }
    Map<Ask<?>, Object> known = Answers.early(asks, first.continuation());
    List<Ask<?>> open = asks.stream().filter(ask -> !known.containsKey(ask)).toList();
    if (!open.isEmpty()) {
      known.putAll(park(open));
    }
    return new Answers(known);
  }

  private Map<Ask<?>, Object> park(List<Ask<?>> open) throws InterruptedException {
    takeTurn();
    try {
      String handle = parking.add(this, first);
      try {
        return answers(new RunState.Asking(handle, open));
      } finally {
        parking.remove(handle);
      }
    } finally {
      passTurn();
    }
  }

  /**
   * A handle names one round of questions, and an exchange brings the answers of one. So the code's
   * threads ask one after the other; each waits no longer than those before it may.
   */
  private void takeTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (asking && !isOver()) {
        changed.await();
      }
      requireGoingOn();
      if (rounds == MOST_ROUNDS) {
        throw new NoAnswer("This call has asked too many questions");
      }
      rounds++;
      asking = true;
    } finally {
      lock.unlock();
    }
  }

  private void passTurn() {
    lock.lock();
    try {
      asking = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Map<Ask<?>, Object> answers(RunState.Asking question) throws InterruptedException {
    lock.lock();
    try {
      requireGoingOn();
      answers = new HashMap<>();
      state = question;
      changed.signalAll();
      awaitAnswers();
      return answers;
    } finally {
      // Whoever stops waiting leaves a call that nothing carries and no handle names.
      if (state instanceof RunState.Asking) {
        state = new RunState.Dropped();
      }
      lock.unlock();
    }
  }

  private void awaitAnswers() throws InterruptedException {
    long left = parking.patience().toNanos();
    while (state instanceof RunState.Asking) {
      if (left <= 0) {
        throw new NoAnswer("Nobody answered in time"); // MR-09
      }
      left = changed.awaitNanos(left);
    }
    requireGoingOn();
  }

  private void requireGoingOn() throws InterruptedException {
    if (isOver()) {
      throw new InterruptedException();
    }
  }

  private boolean isOver() {
    return state instanceof RunState.Done || state instanceof RunState.Dropped;
  }

  /** Reaches the client only while an exchange carries this call (PR-02). */
  void notifyClient(Message.Notification notification) {
    attached().ifPresent(exchange -> exchange.notify(notification));
  }

  void closeStream() {
    attached().ifPresent(Exchange::closeStream);
  }

  private Optional<Exchange> attached() {
    lock.lock();
    try {
      return state instanceof RunState.Working ? Optional.of(carrier) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  Exchange carrier() {
    lock.lock();
    try {
      return carrier;
    } finally {
      lock.unlock();
    }
  }

  Cancellation cancellation() {
    return cancellation;
  }
}
