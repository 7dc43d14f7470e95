package dev.sallyport.protocol;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
   * @param open tells which of the questions the server takes back while they are being asked
   */
  record InputRequired(
      List<Question> questions, Optional<String> handle, JsonObject rest, Open open)
      implements Outcome {
    public InputRequired {
      questions = List.copyOf(questions);
      if (questions.isEmpty() && handle.isEmpty()) {
        throw new IllegalArgumentException("questions or a handle (MR-03)");
      }
    }

    public InputRequired(List<Question> questions, Optional<String> handle, JsonObject rest) {
      this(questions, handle, rest, Open.FOR_GOOD);
    }

    public InputRequired(List<Question> questions, String handle) {
      this(questions, Optional.of(handle), JsonObject.EMPTY);
    }

    /** Questions that were asked and that somebody may no longer want answered (3.5). */
    public interface Open {
      /** Nothing is taken back. */
      Open FOR_GOOD = listener -> () -> {};

      /**
       * @param takenBack told the key of each question that is taken back, on any thread, also of
       *     those that were before; must not block
       */
      Cancellation.Registration listen(Consumer<String> takenBack);
    }
  }

  /** The method failed with a JSON-RPC error of its own. */
  record Failed(RpcError error) implements Outcome {}

  /** The flow refused to carry it out. */
  record Refused(Refusal refusal) implements Outcome {}

  /** Nobody waits for an answer any more, and none is sent (CN-02). */
  record Cancelled() implements Outcome {}
}
