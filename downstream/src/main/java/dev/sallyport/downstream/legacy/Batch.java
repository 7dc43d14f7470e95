package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.JsonWriter;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A JSON-RPC batch, which only 2025-03-26 has (LH-18). It is taken apart here: each element stands
 * for itself from then on, for limits and policy too, and no array ever goes further.
 */
public final class Batch {
  private static final Log LOG = Log.of(Batch.class);
  private static final int AT_A_TIME = 8;

  private final LegacySession session;
  private final Claims claims;
  private final Sink sink;

  public Batch(LegacySession session, Claims claims, Sink sink) {
    this.session = session;
    this.claims = claims;
    this.sink = sink;
  }

  /** Why the whole array is refused, if it is. */
  public static Optional<RpcError> fault(
      List<Reading> elements, ProtocolVersion version, int most) {
    if (version != ProtocolVersion.V2025_03_26) {
      return Optional.of(RpcError.invalidRequest("This protocol version has no batches"));
    }
    if (elements.size() > most) {
      return Optional.of(RpcError.invalidRequest("A batch has at most " + most + " messages"));
    }
    boolean replies = false;
    boolean others = false;
    for (Reading element : elements) {
      switch (element) {
        case Reading.Single(Message.Reply _) -> replies = true;
        case Reading.Single(Message.Request request) -> {
          if (Method.INITIALIZE.is(request.method())) {
            return Optional.of(RpcError.invalidRequest("initialize stands alone")); // 4-T50
          }
          others = true;
        }
        case Reading.Single(Message.Notification _), Reading.Broken _, Reading.Batch _ ->
            others = true;
      }
    }
    return replies && others
        ? Optional.of(RpcError.invalidRequest("A batch holds requests or responses, not both"))
        : Optional.empty();
  }

  /** Whether nothing in it is to be answered, not even with an error (LH-07). */
  static boolean wantsNoAnswer(List<Reading> elements) {
    return elements.stream()
        .allMatch(
            element ->
                element instanceof Reading.Single(var message)
                    && !(message instanceof Message.Request));
  }

  /** The replies, in the order of the requests; empty when nothing wants one. */
  public List<Message.Reply> run(List<Reading> elements) {
    AtomicReferenceArray<Optional<Message.Reply>> replies =
        new AtomicReferenceArray<>(elements.size());
    List<Integer> requests = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      replies.set(i, Optional.empty());
      switch (elements.get(i)) {
        case Reading.Single(Message.Request _) -> requests.add(i);
        case Reading.Single(Message.Notification notification) -> session.notice(notification);
        case Reading.Single(Message.Reply reply) -> session.answer(reply);
        case Reading.Broken(var id, var error, _) ->
            replies.set(i, Optional.of(new Message.Failure(id, error)));
        case Reading.Batch _ ->
            replies.set(
                i,
                Optional.of(
                    new Message.Failure(
                        Optional.empty(), RpcError.invalidRequest("Batches are not nested"))));
      }
    }
    AtomicInteger next = new AtomicInteger();
    together(
        Math.min(AT_A_TIME, requests.size()),
        () -> {
          for (int at = next.getAndIncrement(); at < requests.size(); at = next.getAndIncrement()) {
            replies.set(requests.get(at), handled(elements.get(requests.get(at))));
          }
        });
    List<Message.Reply> given = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      replies.get(i).ifPresent(given::add);
    }
    return given;
  }

  private Optional<Message.Reply> handled(Reading element) {
    if (!(element instanceof Reading.Single(Message.Request request))) {
      return Optional.empty();
    }
    try {
      return switch (session.handle(request, claims, sink)) {
        case Ending.Replied(var reply) -> Optional.of(reply);
        case Ending.Refused(var id, var refusal) ->
            Optional.of(new Message.Failure(Optional.of(id), refusal.error()));
        case Ending.Silent _ -> Optional.empty();
      };
    } catch (RuntimeException e) {
      // A fault of ours; the others of the batch still get their answers, and so does this one.
      LOG.log(Level.ERROR, "A request of a batch could not be carried out", e);
      return Optional.of(
          new Message.Failure(Optional.of(request.id()), RpcError.internal("Internal error")));
    }
  }

  /** Runs the same work on a few threads and waits for all of them, whatever happens meanwhile. */
  private static void together(int threads, Runnable work) {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(Thread.ofVirtual().name("legacy-batch").start(work));
    }
    boolean interrupted = false;
    for (Thread thread : running) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          running.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The replies as one array. */
  public static byte[] toBytes(List<Message.Reply> replies) {
    JsonWriter writer = new JsonWriter(256).beginArray();
    replies.forEach(reply -> reply.writeTo(writer));
    return writer.endArray().toBytes();
  }
}
