package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Our own requests that wait for the client. Their ids never repeat in a session (LH-23), and only
 * the session that asked can answer. Bounded by the calls in progress: each waits for one answer at
 * a time. Thread-safe.
 */
final class PendingQuestions {
  private final AtomicLong asked = new AtomicLong();
  private final Map<RpcId, Pending> open = new ConcurrentHashMap<>();

  /** What came of a question. */
  sealed interface Answer {
    record Given(JsonObject result) implements Answer {}

    /** The client answered with an error: it or its user would not (2.3.4). */
    record Declined(RpcError error) implements Answer {}

    record TimedOut() implements Answer {}

    /** Nobody waits for the call any more. */
    record Withdrawn() implements Answer {}

    /** Whoever asked no longer wants to know (3.5). */
    record TakenBack() implements Answer {}
  }

  /** One question; to be closed when nobody waits for its answer any more. */
  final class Pending implements AutoCloseable {
    private final RpcId id;
    // The first to come counts: an answer, or the end of the call.
    private final BlockingQueue<Answer> first = new ArrayBlockingQueue<>(1);

    private Pending(RpcId id) {
      this.id = id;
    }

    RpcId id() {
      return id;
    }

    void takeBack() {
      first.offer(new Answer.TakenBack());
    }

    Answer await(Duration timeout, Cancellation cancellation) {
      try (Cancellation.Registration _ =
          cancellation.onCancel(() -> first.offer(new Answer.Withdrawn()))) {
        Answer answer = first.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return answer == null ? new Answer.TimedOut() : answer;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Answer.Withdrawn();
      }
    }

    @Override
    public void close() {
      open.remove(id);
    }
  }

  Pending ask() {
    Pending pending = new Pending(RpcId.of("ask-" + asked.incrementAndGet()));
    open.put(pending.id(), pending);
    return pending;
  }

  /** Takes the client's answer; one that nobody waits for is ignored, for example a late one. */
  void answer(Message.Reply reply) {
    switch (reply) {
      case Message.Result(var id, var result) -> settle(id, new Answer.Given(result));
      case Message.Failure(var id, var error) ->
          id.ifPresent(known -> settle(known, new Answer.Declined(error)));
    }
  }

  private void settle(RpcId id, Answer answer) {
    Pending pending = open.get(id);
    if (pending != null) {
      pending.first.offer(answer);
    }
  }
}
