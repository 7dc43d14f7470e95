package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
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
  sealed interface Fit {
    record Fits() implements Fit {}

    /**
     * @param error what the server is told (CS-17, CM-10, CM-11)
     * @param required the ClientCapabilities that would have made it fit
     */
    record Undeclared(RpcError error, JsonObject required) implements Fit {}

    /** No request that any client answers, as far as we know. */
    record Unknown() implements Fit {}
  }

  Fit fit(String method, JsonObject params) {
    return switch (Method.of(method).orElse(Method.PING)) {
      case ROOTS_LIST -> declared(roots, "roots", RpcError.METHOD_NOT_FOUND);
      case SAMPLING -> fitSampling(params);
      case ELICIT -> fitElicitation(params);
      default -> new Fit.Unknown();
    };
  }

  private Fit fitSampling(JsonObject params) {
    boolean withTools = params.has("tools") || params.has("toolChoice");
    if (sampling && withTools && !samplingTools) {
      return undeclared(
          "sampling", JsonObject.of("tools", JsonObject.EMPTY.toJson()), RpcError.INVALID_PARAMS);
    }
    return declared(sampling, "sampling", RpcError.METHOD_NOT_FOUND);
  }

  private Fit fitElicitation(JsonObject params) {
    if (!form && !url) {
      return declared(false, "elicitation", RpcError.METHOD_NOT_FOUND);
    }
    String mode = params.string("mode").orElse("form"); // CM-09
    boolean fits = mode.equals("form") ? form : mode.equals("url") && url;
    return fits
        ? new Fit.Fits()
        : undeclared(
            "elicitation", JsonObject.of(mode, JsonObject.EMPTY.toJson()), RpcError.INVALID_PARAMS);
  }

  private static Fit declared(boolean declared, String capability, int code) {
    return declared ? new Fit.Fits() : undeclared(capability, JsonObject.EMPTY, code);
  }

  private static Fit undeclared(String capability, JsonObject detail, int code) {
    return new Fit.Undeclared(
        RpcError.of(code, "The client did not declare the capability: " + capability),
        JsonObject.of(capability, detail.toJson()));
  }
}
