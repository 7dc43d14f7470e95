package dev.sallyport.upstream.http;

import dev.sallyport.transport.outbound.OutboundCall;
import dev.sallyport.transport.outbound.OutboundFault;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.Inbox;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Mailbox;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The inbox of a call that has a stream of its own: whoever takes mail reads the stream, a message
 * at a time, so that a client that takes nothing holds the server back. What others have for the
 * call, a cancellation for example, waits in a mailbox beside it.
 */
final class StreamInbox implements Inbox {
  /** Looking for the end of a call reads no further than this. */
  private static final int MOST_STEPS = 64;

  private final HttpTraffic traffic;
  private final Mailbox mailbox;
  private final Runnable whenClosed;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Reading> reading = Optional.empty();
  private boolean closed;
  private volatile Optional<Thread> deputy = Optional.empty();

  /** The stream of a call, for whoever takes. */
  private static final class Reading {
    private final Call call;
    private final Resumption resumption;
    private final Judge judge;
    private Optional<Answer> answer;
    private boolean planned;
    private boolean resumed;

    Reading(Call call, Answer answer, Resumption resumption, Judge judge) {
      this.call = call;
      this.answer = Optional.of(answer);
      this.resumption = resumption;
      this.judge = judge;
    }
  }

  /** What a wire makes of an answer that is no success. */
  interface Judge {
    Breakdown of(Answer.Piece.Refused refused);

    /** The call has been told. */
    void told(Breakdown breakdown);
  }

  /**
   * @param whenClosed runs once, when the call is over
   */
  StreamInbox(HttpTraffic traffic, Mailbox mailbox, Runnable whenClosed) {
    this.traffic = traffic;
    this.mailbox = mailbox;
    this.whenClosed = whenClosed;
  }

  /** Begins to read what a request is answered with. Once. */
  void read(Call call, Answer answer, Resumption resumption, Judge judge) {
    lock.lock();
    try {
      if (closed) {
        answer.close();
      } else {
        reading = Optional.of(new Reading(call, answer, resumption, judge));
      }
    } finally {
      lock.unlock();
    }
    nudge();
  }

  /** Something has come. On an event loop. */
  void nudge() {
    mailbox.nudge();
  }

  @Override
  public boolean put(Mail mail) {
    return mailbox.put(mail);
  }

  @Override
  public Optional<Mail> take(long nanos) throws InterruptedException {
    long since = System.nanoTime();
    while (true) {
      Optional<Mail> mail = mailbox.takeNow(any -> true);
      if (mail.isPresent()) {
        return mail;
      }
      Optional<Reading> current = current();
      if (current.isPresent() && advance(current.get())) {
        continue;
      }
      long left = nanos - (System.nanoTime() - since);
      if (left <= 0) {
        return Optional.empty();
      }
      mailbox.awaitMail(Math.min(left, patience(current)));
    }
  }

  private static long patience(Optional<Reading> current) {
    return current
        .filter(stream -> stream.planned)
        .map(stream -> stream.resumption.left())
        .orElse(Long.MAX_VALUE);
  }

  @Override
  public Optional<Mail> takeNow(Predicate<Mail> kind) {
    Optional<Mail> found = mailbox.takeNow(kind);
    for (int step = 0; found.isEmpty() && step < MOST_STEPS; step++) {
      if (current().filter(this::advance).isEmpty()) {
        return Optional.empty();
      }
      found = mailbox.takeNow(kind);
    }
    return found;
  }

  private Optional<Reading> current() {
    lock.lock();
    try {
      return reading;
    } finally {
      lock.unlock();
    }
  }

  /** One step further; false when there is nothing to do about the stream now. */
  private boolean advance(Reading stream) {
    if (stream.answer.isEmpty()) {
      return stream.planned && resume(stream);
    }
    return switch (stream.answer.get().next()) {
      case Answer.Piece.Nothing _ -> false;
      case Answer.Piece.Text text -> {
        traffic.route(text, Optional.of(stream.call));
        yield true;
      }
      case Answer.Piece.Over _ -> endedEarly(stream, Breakdown.Kind.LOST);
      case Answer.Piece.Refused refused -> refused(stream, refused);
      case Answer.Piece.Broken(OutboundFault fault) -> {
        traffic.note(fault);
        boolean arrived = stream.resumed || fault.mayHaveArrived();
        yield endedEarly(stream, arrived ? Breakdown.Kind.LOST : Breakdown.Kind.UNREACHED);
      }
      case Answer.Piece.TooLarge(Breakdown.Kind kind) -> broken(stream, Breakdown.of(kind));
    };
  }

  private boolean refused(Reading stream, Answer.Piece.Refused refused) {
    traffic.note(refused);
    Breakdown judged = stream.judge.of(refused);
    if (stream.resumed) {
      return notResumed(stream, judged);
    }
    boolean aboutUs =
        judged.kind() == Breakdown.Kind.SESSION_OVER
            || judged.kind() == Breakdown.Kind.NOT_ADMITTED;
    if (!aboutUs && Statuses.error(traffic.envelope(), refused).isPresent()) {
      traffic.route(Answer.Piece.Text.of(refused.body()), Optional.of(stream.call));
      // It may have named another call than its own.
      return mailbox.isOver() ? letGo(stream) : broken(stream, judged);
    }
    return broken(stream, judged);
  }

  /**
   * The request itself did arrive, so it is not made again, whatever is said of its stream (T13).
   */
  private boolean notResumed(Reading stream, Breakdown judged) {
    if (judged.kind() == Breakdown.Kind.OVERLOADED) {
      return endedEarly(stream, Breakdown.Kind.LOST);
    }
    broken(stream, Breakdown.of(Breakdown.Kind.LOST));
    stream.judge.told(judged);
    return true;
  }

  private boolean endedEarly(Reading stream, Breakdown.Kind otherwise) {
    Answer ended = stream.answer.orElseThrow();
    letGo(stream);
    stream.planned = stream.resumption.plan(ended);
    if (!stream.planned) {
      broken(stream, Breakdown.of(otherwise));
    }
    return true;
  }

  /** What it holds is free for others. */
  private static boolean letGo(Reading stream) {
    stream.answer.ifPresent(Answer::close);
    stream.answer = Optional.empty();
    return true;
  }

  private boolean broken(Reading stream, Breakdown breakdown) {
    letGo(stream);
    mailbox.put(new Mail.Broken(breakdown));
    stream.judge.told(breakdown);
    return true;
  }

  private boolean resume(Reading stream) {
    if (stream.resumption.left() > 0) {
      return false;
    }
    stream.planned = false;
    stream.resumed = true;
    Optional<OutboundCall> opened = stream.resumption.open();
    if (opened.isEmpty()) {
      return broken(stream, Breakdown.of(Breakdown.Kind.LOST));
    }
    lock.lock();
    try {
      if (closed) {
        opened.get().close();
      } else {
        stream.answer = Optional.of(traffic.answer(opened.get()));
      }
    } finally {
      lock.unlock();
    }
    return true;
  }

  /**
   * While the call is parked a thread of its own reads on: the server may take a question back, ask
   * whether we live, or end the call. Whoever comes back waits for it to let go.
   */
  @Override
  public void setAway(boolean value) {
    mailbox.setAway(value);
    if (value) {
      deputy =
          Optional.of(
              Thread.ofVirtual().name("sallyport-parked-stream").start(this::readWhileAway));
    } else {
      deputy.ifPresent(StreamInbox::end);
      deputy = Optional.empty();
    }
  }

  private void readWhileAway() {
    try {
      while (mailbox.isAway() && !mailbox.isOver()) {
        Optional<Reading> current = current();
        if (current.isEmpty() || !advance(current.get())) {
          mailbox.awaitNudge(patience(current));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Somebody is back.
    }
  }

  private static void end(Thread deputy) {
    deputy.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        deputy.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isAway() {
    return mailbox.isAway();
  }

  /** By whoever takes, or when nobody does any more. */
  @Override
  public void close() {
    Optional<Answer> rest;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      rest = reading.flatMap(stream -> stream.answer);
    } finally {
      lock.unlock();
    }
    deputy.ifPresent(Thread::interrupt);
    rest.ifPresent(mailbox.isOver() ? Answer::finish : Answer::close);
    whenClosed.run();
  }
}
