package dev.sallyport.server;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;

/** What a client may be able to do when it is asked. */
public enum Capability {
  /** Shows a form to its user. */
  ELICITATION_FORM,
  /** Sends its user to a web page. */
  ELICITATION_URL,
  /** Asks a language model. */
  SAMPLING,
  /** Asks a language model that may use tools. */
  SAMPLING_TOOLS,
  /** Tells which folders it works on. */
  ROOTS;

  boolean isDeclaredBy(ClientContext client) {
    return switch (this) {
      case ELICITATION_FORM -> client.canElicit("form");
      case ELICITATION_URL -> client.canElicit("url");
      case SAMPLING -> client.can("sampling");
      case SAMPLING_TOOLS -> client.can("sampling", "tools");
      case ROOTS -> client.can("roots");
    };
  }

  /** As a ClientCapabilities object (VN-06). */
  JsonObject required() {
    JsonObject none = JsonObject.EMPTY;
    return switch (this) {
      case ELICITATION_FORM -> none.with("elicitation", none);
      case ELICITATION_URL -> none.with("elicitation", none.with("url", none));
      case SAMPLING -> none.with("sampling", none);
      case SAMPLING_TOOLS -> none.with("sampling", none.with("tools", none));
      case ROOTS -> none.with("roots", none);
    };
  }
}
