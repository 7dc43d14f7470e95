package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.legacy.Batch;
import dev.sallyport.downstream.legacy.Ending;
import dev.sallyport.downstream.legacy.Handshake;
import dev.sallyport.downstream.legacy.LegacySession;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A session over a pipe: one for the life of the process (SS-09). While the handshake is under way,
 * what follows it waits, because nobody keeps a client from sending ahead. Messages are given to it
 * by one thread, in order.
 */
final class LegacyPipe implements AutoCloseable {
  private static final int MOST_WAITING = 64;

  private final Handshake handshake;
  private final Caller caller;
  private final Output output;
  private final Workers workers;
  private final int mostInBatch;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Reading> waiting = new ArrayDeque<>();

  /** Fires when nobody waits for the handshake any more: its server may take long to come up. */
  private final Cancellation gone = new Cancellation();

  private Optional<LegacySession> session = Optional.empty();
  private boolean opening;
  private boolean closed;

  LegacyPipe(Handshake handshake, Caller caller, Output output, Workers workers, int mostInBatch) {
    this.handshake = handshake;
    this.caller = caller;
    this.output = output;
    this.workers = workers;
    this.mostInBatch = mostInBatch;
  }

  void receive(Reading reading) {
    lock.lock();
    try {
      if (opening && waiting.size() < MOST_WAITING) {
        waiting.add(reading);
        return;
      }
    } finally {
      lock.unlock();
    }
    dispatch(reading);
  }

  private void dispatch(Reading reading) {
    Optional<LegacySession> open = session();
    switch (reading) {
      case Reading.Single(Message.Request request) -> {
        if (Method.PING.is(request.method())) {
          // Asks whether we are there, so it needs no place and no session (LH-19).
          output.send(new Message.Result(request.id(), JsonObject.EMPTY));
        } else {
          open.ifPresentOrElse(
              known -> start(request, known), () -> requestWithoutSession(request));
        }
      }
      case Reading.Single(Message.Notification notification) ->
          open.ifPresent(known -> known.notice(notification));
      case Reading.Single(Message.Reply reply) -> open.ifPresent(known -> known.answer(reply));
      case Reading.Batch(var elements) -> batch(elements, open);
      case Reading.Broken(var id, var error, _) -> output.fail(id, error);
    }
  }

  private Optional<LegacySession> session() {
    lock.lock();
    try {
      return session;
    } finally {
      lock.unlock();
    }
  }

  // ---- before and during the handshake

  private void requestWithoutSession(Message.Request request) {
    if (!Method.INITIALIZE.is(request.method())) {
      output.fail(
          Optional.of(request.id()),
          Classifier.isForSessions(request)
              ? RpcError.invalidRequest("Send initialize first")
              : RpcError.methodNotFound());
    } else if (!mayOpen()) {
      output.busy(Optional.of(request.id()));
    } else if (!workers.start(
        () -> () -> open(request), () -> output.broken(Optional.of(request.id())))) {
      opened(Optional.empty());
      output.busy(Optional.of(request.id()));
    }
  }

  private boolean mayOpen() {
    lock.lock();
    try {
      boolean first = !opening && !closed;
      opening = opening || first;
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void open(Message.Request request) {
    Optional<LegacySession> made = Optional.empty();
    try {
      switch (handshake.open(request, caller, output::send, gone)) {
        case Handshake.Opening.Opened(var fresh, var reply) -> {
          made = Optional.of(fresh);
          output.send(reply);
          fresh.canTellChanges();
        }
        case Handshake.Opening.Turned(var ending) -> send(ending);
      }
    } finally {
      opened(made);
    }
  }

  /** Lets what waited go on, in its order; only then is the handshake over. */
  private void opened(Optional<LegacySession> made) {
    boolean late;
    lock.lock();
    try {
      session = made;
      late = closed;
    } finally {
      lock.unlock();
    }
    if (late) {
      made.ifPresent(LegacySession::close);
    }
    for (Optional<Reading> next = nextWaiting(); next.isPresent(); next = nextWaiting()) {
      if (made.isEmpty()
          && next.get() instanceof Reading.Single(Message.Request again)
          && Method.INITIALIZE.is(again.method())) {
        open(again); // which goes on with what waits
        return;
      }
      dispatch(next.get());
    }
  }

  private Optional<Reading> nextWaiting() {
    lock.lock();
    try {
      opening = !waiting.isEmpty();
      return Optional.ofNullable(waiting.poll());
    } finally {
      lock.unlock();
    }
  }

  // ---- in the session

  private void start(Message.Request request, LegacySession open) {
    boolean started =
        workers.start(
            () -> {
              // Taken in before the next line is read, which may cancel it.
              Supplier<Ending> ending = open.begin(request, output::send);
              return () -> send(ending.get());
            },
            () -> output.broken(Optional.of(request.id())));
    if (!started) {
      output.busy(Optional.of(request.id()));
    }
  }

  private void batch(List<Reading> elements, Optional<LegacySession> open) {
    Optional<RpcError> fault =
        open.isEmpty()
            ? Optional.of(RpcError.invalidRequest("Send initialize first"))
            : Batch.fault(elements, open.get().version(), mostInBatch);
    if (fault.isPresent()) {
      output.fail(Optional.empty(), fault.get());
      return;
    }
    Batch batch = new Batch(open.orElseThrow(), output::send);
    if (!workers.start(
        () -> () -> reply(batch.run(elements)), () -> output.broken(Optional.empty()))) {
      output.busy(Optional.empty());
    }
  }

  private void reply(List<Message.Reply> replies) {
    if (!replies.isEmpty()) {
      output.send(Batch.toBytes(replies));
    }
  }

  private void send(Ending ending) {
    switch (ending) {
      case Ending.Replied(var reply) -> output.send(reply);
      case Ending.Refused(var id, var refusal) -> output.fail(Optional.of(id), refusal.error());
      case Ending.Silent _ -> {}
    }
  }

  @Override
  public void close() {
    Optional<LegacySession> open;
    lock.lock();
    try {
      closed = true;
      open = session;
      waiting.clear();
    } finally {
      lock.unlock();
    }
    gone.cancel();
    open.ifPresent(LegacySession::close);
  }
}
