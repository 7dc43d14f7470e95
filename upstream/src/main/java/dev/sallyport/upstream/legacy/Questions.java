package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What a server has asked in the middle of one call and nobody has answered. Keys count on over all
 * rounds, so that no answer can meet the wrong question (2.2.3). Thread-safe: the reader adds and
 * withdraws, the exchange answers.
 */
final class Questions implements Outcome.InputRequired.Open {
  /** In a question's {@code _meta}, when it may belong to another call of the same caller. */
  static final String ATTRIBUTION = "dev.sallyport/attribution";

  private static final int MOST_OPEN = 16;
  private static final int REJECTED = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Asked> open = new LinkedHashMap<>();
  private final Set<String> takenBack = new LinkedHashSet<>();
  private final Set<Consumer<String>> listeners = new LinkedHashSet<>();
  private int asked;
  private boolean over;

  /**
   * @param inferred whether another call may have been meant
   */
  private record Asked(Message.Request request, boolean inferred) {}

  /** False when there are too many, or the call has ended. */
  boolean add(Message.Request request, boolean inferred) {
    lock.lock();
    try {
      if (over || open.size() >= MOST_OPEN) {
        return false;
      }
      asked++;
      open.put("q" + asked, new Asked(request, inferred));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The server takes a question back; it wants no answer then. */
  boolean withdraw(RpcId id) {
    Optional<String> key;
    List<Consumer<String>> told;
    lock.lock();
    try {
      key =
          open.entrySet().stream()
              .filter(question -> question.getValue().request().id().equals(id))
              .map(Map.Entry::getKey)
              .findFirst();
      key.ifPresent(open::remove);
      key.ifPresent(takenBack::add);
      told = List.copyOf(listeners);
    } finally {
      lock.unlock();
    }
    key.ifPresent(gone -> told.forEach(listener -> listener.accept(gone)));
    return key.isPresent();
  }

  @Override
  public Cancellation.Registration listen(Consumer<String> listener) {
    List<String> before;
    lock.lock();
    try {
      listeners.add(listener);
      before = List.copyOf(takenBack);
    } finally {
      lock.unlock();
    }
    before.forEach(listener);
    return () -> forget(listener);
  }

  private void forget(Consumer<String> listener) {
    lock.lock();
    try {
      listeners.remove(listener);
    } finally {
      lock.unlock();
    }
  }

  /** The open questions in modern form. */
  List<Question> toQuestions() {
    lock.lock();
    try {
      List<Question> questions = new ArrayList<>();
      open.forEach(
          (key, question) ->
              questions.add(new Question(key, question.request().method(), modern(question))));
      return questions;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the answers that fit an open question, and says what to send to the server for them.
   * Other keys are ignored (MR-11); an answer that is no object counts as missing (MR-10).
   */
  List<Message.Reply> answer(Continuation given) {
    lock.lock();
    try {
      List<Message.Reply> replies = new ArrayList<>();
      for (Iterator<Map.Entry<String, Asked>> each = open.entrySet().iterator(); each.hasNext(); ) {
        Map.Entry<String, Asked> question = each.next();
        Optional<Message.Reply> reply =
            reply(question.getValue().request(), question.getKey(), given);
        if (reply.isPresent()) {
          replies.add(reply.get());
          each.remove();
        }
      }
      return replies;
    } finally {
      lock.unlock();
    }
  }

  /** Answers everything that is open as not answered, so that the server need not wait (2.2.8). */
  List<Message.Reply> dismiss() {
    lock.lock();
    try {
      List<Message.Reply> replies = requests().stream().map(Questions::unanswered).toList();
      open.clear();
      return replies;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more questions, and hands out what was open. */
  List<Message.Request> end() {
    lock.lock();
    try {
      over = true;
      List<Message.Request> left = requests();
      open.clear();
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** How much memory the open questions take. */
  long held() {
    lock.lock();
    try {
      return requests().stream().mapToLong(request -> request.params().held()).sum();
    } finally {
      lock.unlock();
    }
  }

  private List<Message.Request> requests() {
    return open.values().stream().map(Asked::request).toList();
  }

  private static Optional<Message.Reply> reply(
      Message.Request request, String key, Continuation given) {
    Optional<Continuation.Declined> declined = Optional.ofNullable(given.declined().get(key));
    return declined.isPresent()
        ? Optional.of(new Message.Failure(Optional.of(request.id()), declined.get().error()))
        : given
            .answers()
            .object(key)
            // Not a Result in the modern era, and with nothing to add in the legacy one (4-T42).
            .map(result -> new Message.Result(request.id(), result.without("resultType")));
  }

  static Message.Reply unanswered(Message.Request request) {
    if (Method.ELICIT.is(request.method())) {
      return new Message.Result(request.id(), JsonObject.of("action", Json.of("cancel")));
    }
    return new Message.Failure(
        Optional.of(request.id()), RpcError.of(REJECTED, "The client did not answer"));
  }

  /**
   * Legacy parameters as the modern era has them: no progress on questions, and no tasks (2.1 row
   * 25). The id of an elicitation stays, for clients that know such ids (row 24).
   */
  private static JsonObject modern(Asked question) {
    JsonObject params = question.request().params().without("task");
    JsonObject meta =
        params.object("_meta").orElse(JsonObject.EMPTY).without("progressToken", ATTRIBUTION);
    if (question.inferred()) {
      meta = meta.with(ATTRIBUTION, "inferred");
    }
    return meta.isEmpty() ? params.without("_meta") : params.with("_meta", meta);
  }
}
