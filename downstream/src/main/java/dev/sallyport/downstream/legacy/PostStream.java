package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.legacy.SessionStreams.Attached;
import dev.sallyport.protocol.Message;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpFields;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer to one POST: a whole JSON answer, unless something comes before it; then a stream that
 * can be resumed. The stream is carried by a thread of its own, so that the call goes on when the
 * client's connection breaks (LH-17). Thread-safe.
 */
final class PostStream implements Sink {
  private final ClientCall call;
  private final SessionStreams streams;
  private final Carrier carrier;
  private final boolean mayPause;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Attached> stream = Optional.empty();
  private Optional<Thread> carrying = Optional.empty();
  private boolean over;

  PostStream(ClientCall call, SessionStreams streams, Carrier carrier, boolean mayPause) {
    this.call = call;
    this.streams = streams;
    this.carrier = carrier;
    this.mayPause = mayPause;
  }

  @Override
  public boolean send(Message message) {
    Optional<Attached> open = call.accepts().events() ? open() : Optional.empty();
    return open.isPresent() && streams.append(open.get().log(), message.toBytes(), false);
  }

  @Override
  public void closeStream() {
    if (mayPause && call.accepts().events()) {
      open().ifPresent(attached -> streams.pause(attached.log()));
    }
  }

  /** The stream, opened when there is none yet; nothing once the answer is decided. */
  private Optional<Attached> open() {
    lock.lock();
    try {
      if (stream.isEmpty() && !over) {
        Attached attached = streams.openForCall();
        stream = Optional.of(attached);
        carrying =
            Optional.of(
                Thread.ofVirtual()
                    .name("legacy-stream")
                    .start(() -> carrier.carryNew(attached, call)));
      }
      return stream;
    } finally {
      lock.unlock();
    }
  }

  // ---- the end

  /** Answers with what the request came to; returns when the client has it or is gone. */
  void end(Ending ending) {
    Optional<Attached> open = decide(ending instanceof Ending.Replied);
    if (open.isEmpty()) {
      switch (ending) {
        case Ending.Replied(var reply) -> call.reply(200, reply);
        case Ending.Refused(var id, var refusal) -> call.refused(refusal, Optional.of(id));
        case Ending.Silent _ -> nothing();
      }
      return;
    }
    EventLog log = open.get().log();
    switch (ending) {
      case Ending.Replied(var reply) -> streams.append(log, reply.toBytes(), true);
      case Ending.Refused(var id, var refusal) ->
          streams.append(
              log, new Message.Failure(Optional.of(id), refusal.error()).toBytes(), true);
      case Ending.Silent _ -> streams.end(log);
    }
    awaitCarried();
  }

  /** Answers a batch: one array, or each reply as an event of its own. */
  void end(List<Message.Reply> replies) {
    Optional<Attached> open = decide(!replies.isEmpty());
    if (open.isEmpty()) {
      if (replies.isEmpty()) {
        nothing();
      } else {
        call.answer(HttpAnswer.json(200, Batch.toBytes(replies)));
      }
      return;
    }
    EventLog log = open.get().log();
    replies.forEach(reply -> streams.append(log, reply.toBytes(), false));
    streams.end(log);
    awaitCarried();
  }

  /**
   * From here on nothing opens a stream any more.
   *
   * @param worthAStream whether there is something to say to a client that reads streams only
   */
  private Optional<Attached> decide(boolean worthAStream) {
    if (worthAStream && !call.accepts().json()) {
      open();
    }
    lock.lock();
    try {
      over = true;
      return stream;
    } finally {
      lock.unlock();
    }
  }

  /** A request that was cancelled gets no answer (CN-02), but HTTP must say something. */
  private void nothing() {
    if (call.accepts().events()) {
      call.stream(HttpFields.empty()).end();
    } else {
      call.accepted();
    }
  }

  /** The listener ends an answer whose thread returns, so this one stays as long as it is sent. */
  private void awaitCarried() {
    try {
      if (carrying.isPresent()) {
        carrying.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
