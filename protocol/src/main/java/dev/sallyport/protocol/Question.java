package dev.sallyport.protocol;

/**
 * Something only the client or its user can tell, asked in the middle of a request.
 *
 * @param key names the answer; unique within one outcome (MR-04)
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 */
public record Question(String key, String method, JsonObject params) {

  /** Whether a client may be asked something (MR-05, 4-T45). */
  public sealed interface Fit {
    record Fits() implements Fit {}

    /**
     * @param required the ClientCapabilities that the client would have to declare
     */
    record Undeclared(JsonObject required) implements Fit {}

    /** No question that MCP knows. */
    record Unknown() implements Fit {}
  }

  public Fit fit(ClientContext client) {
    return switch (Method.of(method).orElse(Method.PING)) {
      case ROOTS_LIST -> declared(client.can("roots"), "roots", JsonObject.EMPTY);
      case SAMPLING -> sampling(client);
      case ELICIT -> {
        String mode = params.string("mode").orElse("form"); // CM-09
        yield declared(
            client.canElicit(mode), "elicitation", JsonObject.EMPTY.with(mode, JsonObject.EMPTY));
      }
      default -> new Fit.Unknown();
    };
  }

  /** What is missing is named whole, so that the client need not come back for each part. */
  private Fit sampling(ClientContext client) {
    boolean tools = params.has("tools") || params.has("toolChoice");
    return tools
        ? declared(
            client.can("sampling", "tools"),
            "sampling",
            JsonObject.EMPTY.with("tools", JsonObject.EMPTY))
        : declared(client.can("sampling"), "sampling", JsonObject.EMPTY);
  }

  private static Fit declared(boolean is, String capability, JsonObject detail) {
    return is ? new Fit.Fits() : new Fit.Undeclared(JsonObject.EMPTY.with(capability, detail));
  }
}
