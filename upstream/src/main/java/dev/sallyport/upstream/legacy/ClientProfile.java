package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;

/**
 * What a client can be asked, as far as a legacy server learns it: once, in the handshake. Callers'
 * children are kept apart by it, so that a server is never told more than its caller can do (2.1
 * row 2).
 */
public record ClientProfile(
    boolean roots,
    boolean sampling,
    boolean samplingTools,
    boolean samplingContext,
    boolean form,
    boolean url) {
  public static final ClientProfile NONE =
      new ClientProfile(false, false, false, false, false, false);

  public static ClientProfile of(ClientContext client) {
    Optional<JsonObject> sampling = client.capabilities().object("sampling");
    return new ClientProfile(
        client.can("roots"),
        client.can("sampling"),
        sampling.map(uses -> uses.has("tools")).orElse(false),
        sampling.map(uses -> uses.has("context")).orElse(false),
        client.canElicit("form"),
        client.canElicit("url"));
  }

  /**
   * The ClientCapabilities of the handshake. Nothing is claimed that this module does not serve:
   * neither tasks nor changes of roots. Form mode alone is written as an empty object, which means
   * just that (4-T41) and which servers older than the modes can read.
   */
  JsonObject toCapabilities() {
    JsonObject capabilities = JsonObject.EMPTY;
    if (roots) {
      capabilities = capabilities.with("roots", JsonObject.EMPTY);
    }
    if (sampling) {
      JsonObject uses =
          flag(flag(JsonObject.EMPTY, "context", samplingContext), "tools", samplingTools);
      capabilities = capabilities.with("sampling", uses);
    }
    if (form || url) {
      JsonObject modes =
          url ? flag(flag(JsonObject.EMPTY, "form", form), "url", true) : JsonObject.EMPTY;
      capabilities = capabilities.with("elicitation", modes);
    }
    return capabilities;
  }

  private static JsonObject flag(JsonObject object, String name, boolean present) {
    return present ? object.with(name, JsonObject.EMPTY) : object;
  }

  /** How a server's request fits what was declared. */
  Question.Fit fit(Message.Request request) {
    JsonObject declared = toCapabilities();
    ClientContext client =
        new ClientContext(
            ProtocolVersion.LATEST_LEGACY, declared, Optional.empty(), Optional.empty());
    return new Question("", request.method(), request.params()).fit(client);
  }

  /**
   * What a server is told that asks beyond it: the method is none of this client's, or the mode or
   * use of it that was asked for (CS-17, CM-10, CM-11).
   *
   * @param required the ClientCapabilities that would have made it fit
   */
  RpcError refusal(JsonObject required) {
    boolean partly = required.names().stream().anyMatch(toCapabilities()::has);
    return RpcError.of(
        partly ? RpcError.INVALID_PARAMS : RpcError.METHOD_NOT_FOUND,
        "The client did not declare the capability: " + String.join(", ", required.names()));
  }
}
