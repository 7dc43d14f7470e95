package dev.sallyport.protocol;

import java.util.List;
import java.util.Optional;

/**
 * How an exchange ended. Asking the client is one of the ways, not a call back: whoever made the
 * exchange asks, and comes again.
 */
public sealed interface Outcome {

  /**
   * Done.
   *
   * @param result the modern result object. The serving edge adds what its era wants when it is
   *     absent: {@code resultType}, {@code ttlMs}, {@code cacheScope}, {@code serverInfo}
   */
  record Complete(JsonObject result) implements Outcome {}

  /**
   * Questions for the client; the same request comes again with a {@link Continuation}. Only
   * tools/call, prompts/get and resources/read may end so (MR-02).
   *
   * @param questions may be empty when there is a handle: come again at once (MR-03)
   * @param handle an opaque string to give back; sealed by the edge before a client sees it
   * @param rest further members of the result, {@code _meta} for example
   */
  record InputRequired(List<Question> questions, Optional<String> handle, JsonObject rest)
      implements Outcome {
    public InputRequired {
      questions = List.copyOf(questions);
      if (questions.isEmpty() && handle.isEmpty()) {
        throw new IllegalArgumentException("questions or a handle (MR-03)");
      }
    }

    public InputRequired(List<Question> questions, String handle) {
      this(questions, Optional.of(handle), JsonObject.EMPTY);
    }
  }

  /** The method failed with a JSON-RPC error of its own. */
  record Failed(RpcError error) implements Outcome {}

  /** The flow refused to carry it out. */
  record Refused(Refusal refusal) implements Outcome {}

  /** Nobody waits for an answer any more, and none is sent (CN-02). */
  record Cancelled() implements Outcome {}
}
