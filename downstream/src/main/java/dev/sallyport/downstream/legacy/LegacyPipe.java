package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A session over a pipe, which all messages of the server come back on: standard input and output
 * (SS-09), or the two endpoints of HTTP+SSE (LH-24). There is one for the life of the pipe. While
 * the handshake is under way, what follows it waits, because nobody keeps a client from sending
 * ahead. Thread-safe; messages of several threads have no order.
 */
public final class LegacyPipe implements AutoCloseable {
  /** For a request there is no room for. */
  public static final RpcError BUSY =
      Refusal.of(Reason.UNAVAILABLE, "Too many requests are in progress").error();

  private static final int MOST_WAITING = 64;

  private final Handshake handshake;
  private final Caller caller;
  private final PipeEnd end;
  private final int mostInBatch;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Came> waiting = new ArrayDeque<>();

  /** Fires when nobody waits for the handshake any more: its server may take long to come up. */
  private final Cancellation gone = new Cancellation();

  private Optional<LegacySession> session = Optional.empty();
  private boolean opening;
  private boolean closed;

  /**
   * @param end where the client reads, and the threads its requests are carried out on
   * @param mostInBatch messages
   */
  public LegacyPipe(Handshake handshake, Caller caller, PipeEnd end, int mostInBatch) {
    this.handshake = handshake;
    this.caller = caller;
    this.end = end;
    this.mostInBatch = mostInBatch;
  }

  /** A message, and what the credential says that it came with. */
  private record Came(Reading reading, Claims claims) {}

  /**
   * Takes a message, and has it carried out by another thread if it is a request.
   *
   * @param claims of the credential that it came with
   */
  public void receive(Reading reading, Claims claims) {
    Came came = new Came(reading, claims);
    lock.lock();
    try {
      if (opening && waiting.size() < MOST_WAITING) {
        waiting.add(came);
        return;
      }
    } finally {
      lock.unlock();
    }
    dispatch(came);
  }

  private void dispatch(Came came) {
    Optional<LegacySession> open = session();
    Claims claims = came.claims();
    switch (came.reading()) {
      case Reading.Single(Message.Request request) -> {
        if (Method.PING.is(request.method())) {
          // Asks whether we are there, so it needs no place and no session (LH-19).
          end.send(new Message.Result(request.id(), JsonObject.EMPTY));
        } else {
          open.ifPresentOrElse(
              known -> start(request, claims, known), () -> requestWithoutSession(request, claims));
        }
      }
      case Reading.Single(Message.Notification notification) ->
          open.ifPresent(known -> known.notice(notification));
      case Reading.Single(Message.Reply reply) -> open.ifPresent(known -> known.answer(reply));
      case Reading.Batch(var elements) -> batch(elements, claims, open);
      case Reading.Broken(var id, var error, _) -> fail(id, error);
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

  private void requestWithoutSession(Message.Request request, Claims claims) {
    Optional<RpcId> id = Optional.of(request.id());
    if (!Method.INITIALIZE.is(request.method())) {
      fail(
          id,
          isForSessions(request)
              ? RpcError.invalidRequest("Send initialize first")
              : RpcError.methodNotFound());
    } else if (!mayOpen()) {
      fail(id, BUSY);
    } else {
      Optional<RpcError> full = end.start(() -> () -> open(request, claims), () -> broken(id));
      if (full.isPresent()) {
        opened(Optional.empty());
        fail(id, full.get());
      }
    }
  }

  /**
   * Whether the versions with a handshake have this method: a client of the other era must be able
   * to see that it is not served here.
   */
  private static boolean isForSessions(Message.Request request) {
    return Method.of(request.method())
        .map(method -> method.eras() != Method.Eras.MODERN)
        .orElse(false);
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

  private void open(Message.Request request, Claims claims) {
    Optional<LegacySession> made = Optional.empty();
    try {
      switch (handshake.open(request, new Identity(caller, claims), end, gone)) {
        case Handshake.Opening.Opened(var fresh, var reply) -> {
          made = Optional.of(fresh);
          end.opened(fresh);
          end.send(reply);
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
    for (Optional<Came> next = nextWaiting(); next.isPresent(); next = nextWaiting()) {
      if (made.isEmpty()
          && next.get() instanceof Came(Reading.Single(Message.Request again), Claims claims)
          && Method.INITIALIZE.is(again.method())) {
        open(again, claims); // which goes on with what waits
        return;
      }
      dispatch(next.get());
    }
  }

  private Optional<Came> nextWaiting() {
    lock.lock();
    try {
      opening = !waiting.isEmpty();
      return Optional.ofNullable(waiting.poll());
    } finally {
      lock.unlock();
    }
  }

  // ---- in the session

  private void start(Message.Request request, Claims claims, LegacySession open) {
    Optional<RpcId> id = Optional.of(request.id());
    end.start(
            () -> {
              // Taken in before the next message is read, which may cancel it.
              Supplier<Ending> ending = open.begin(request, claims, end);
              return () -> send(ending.get());
            },
            () -> broken(id))
        .ifPresent(full -> fail(id, full));
  }

  private void batch(List<Reading> elements, Claims claims, Optional<LegacySession> open) {
    Optional<RpcError> fault =
        open.isEmpty()
            ? Optional.of(RpcError.invalidRequest("Send initialize first"))
            : Batch.fault(elements, open.get().version(), mostInBatch);
    if (fault.isPresent()) {
      fail(Optional.empty(), fault.get());
      return;
    }
    Batch batch = new Batch(open.orElseThrow(), claims, end);
    end.start(() -> () -> reply(batch.run(elements)), () -> broken(Optional.empty()))
        .ifPresent(full -> fail(Optional.empty(), full));
  }

  // ---- what goes out

  private void reply(List<Message.Reply> replies) {
    if (!replies.isEmpty()) {
      end.send(Batch.toBytes(replies));
    }
  }

  private void send(Ending ending) {
    switch (ending) {
      case Ending.Replied(var reply) -> end.send(reply);
      case Ending.Refused(var id, var refusal) -> fail(Optional.of(id), refusal.error());
      case Ending.Silent _ -> {}
    }
  }

  private void fail(Optional<RpcId> id, RpcError error) {
    end.send(new Message.Failure(id, error));
  }

  /** For what we broke ourselves. */
  private void broken(Optional<RpcId> id) {
    fail(id, RpcError.internal("Internal error"));
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
