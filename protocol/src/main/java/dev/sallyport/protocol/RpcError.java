package dev.sallyport.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A JSON-RPC error object. The message reaches a peer: it says what to do and never carries input,
 * internals or secrets.
 *
 * @param data further facts, kept as text
 */
public record RpcError(int code, String message, Optional<Json> data) {
  public static final int PARSE = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL = -32603;

  /**
   * Resource not found in versions with a handshake; modern servers say {@link #INVALID_PARAMS}
   * (JR-11).
   */
  public static final int LEGACY_RESOURCE_NOT_FOUND = -32002;

  /** URL elicitation required, 2025-11-25 only (JR-11). */
  public static final int LEGACY_URL_ELICITATION_REQUIRED = -32042;

  /** A mirrored header is missing, malformed or differs from the body (SEP-2243). */
  public static final int HEADER_MISMATCH = -32020;

  /** The request needs a capability that the client did not declare (VN-06). */
  public static final int MISSING_CAPABILITY = -32021;

  /** The requested protocol version is not served (VN-03). */
  public static final int UNSUPPORTED_VERSION = -32022;

  private static final int FIRST_RESERVED = -32099;
  private static final int LAST_RESERVED = -32000;
  private static final String ORIGINAL = "dev.sallyport/upstreamError";

  public static RpcError of(int code, String message) {
    return new RpcError(code, message, Optional.empty());
  }

  public static RpcError parse(String message) {
    return of(PARSE, message);
  }

  public static RpcError invalidRequest(String message) {
    return of(INVALID_REQUEST, message);
  }

  public static RpcError methodNotFound() {
    return of(METHOD_NOT_FOUND, "Method not found");
  }

  public static RpcError invalidParams(String message) {
    return of(INVALID_PARAMS, message);
  }

  public static RpcError internal(String message) {
    return of(INTERNAL, message);
  }

  public static RpcError headerMismatch(String message) {
    return of(HEADER_MISMATCH, message);
  }

  /** A resource nobody here has; every era's edge knows it by {@code data.uri} (FE-11). */
  public static RpcError resourceNotFound(String uri) {
    return new RpcError(
        INVALID_PARAMS,
        "Resource not found",
        Optional.of(JsonObject.of("uri", Json.of(uri)).toJson()));
  }

  /**
   * @param required a ClientCapabilities object, for example {@code {"elicitation":{}}}; never a
   *     list (VN-06)
   */
  public static RpcError missingCapability(JsonObject required) {
    return new RpcError(
        MISSING_CAPABILITY,
        "This request needs a capability that the client did not declare",
        Optional.of(JsonObject.of("requiredCapabilities", required.toJson()).toJson()));
  }

  /** Names what was asked for and what is served (VN-03). */
  public static RpcError unsupportedVersion(
      String requested, Collection<ProtocolVersion> supported) {
    List<Json> served = supported.stream().map(version -> Json.of(version.text())).toList();
    return new RpcError(
        UNSUPPORTED_VERSION,
        "Unsupported protocol version",
        Optional.of(
            JsonObject.of("supported", Json.arrayOf(served), "requested", Json.of(requested))
                .toJson()));
  }

  /**
   * Whether the code is of the range that servers define for themselves or MCP reserves, so that it
   * means nothing, or something else, to whoever is further away (JR-10).
   */
  public boolean isReserved() {
    return code >= FIRST_RESERVED && code <= LAST_RESERVED;
  }

  /** An internal error in its place, which keeps it in its data (JR-12, mcp-reference 2.1.1). */
  public RpcError asInternal() {
    JsonWriter original = new JsonWriter(128);
    writeTo(original);
    return new RpcError(
        INTERNAL, message, Optional.of(JsonObject.of(ORIGINAL, original.toJson()).toJson()));
  }

  void writeTo(JsonWriter writer) {
    writer.beginObject().name("code").number(code).member("message", message);
    data.ifPresent(facts -> writer.member("data", facts));
    writer.endObject();
  }

  /** Code only: the message may come from a peer. */
  @Override
  public String toString() {
    return "RpcError[" + code + "]";
  }
}
