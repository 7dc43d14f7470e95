package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;

/** Errors as versions with a handshake know them (mcp-reference 2.1.1). */
final class ErrorForms {
  private ErrorForms() {}

  static RpcError toClient(RpcError error, String method, ProtocolVersion version) {
    return switch (error.code()) {
      case RpcError.INVALID_PARAMS ->
          isMissingResource(error, method)
              ? new RpcError(
                  RpcError.LEGACY_RESOURCE_NOT_FOUND, error.message(), error.data()) // LH-25
              : error;
      // These clients know no such code, and the facts in data still help (2.1.1).
      case RpcError.MISSING_CAPABILITY ->
          new RpcError(RpcError.INVALID_PARAMS, error.message(), error.data());
      // Headers and versions of the modern era are between us and the server, not the client's.
      case RpcError.HEADER_MISMATCH, RpcError.UNSUPPORTED_VERSION ->
          RpcError.internal("The server behind this endpoint could not be reached properly");
      case RpcError.LEGACY_URL_ELICITATION_REQUIRED ->
          version.atLeast(ProtocolVersion.V2025_11_25)
              ? error
              : RpcError.internal("This needs a newer client: a page must be opened to go on");
      default -> isKeptForMcp(error.code()) ? error.asInternal() : error;
    };
  }

  /** The part of the reserved range that later versions keep for themselves (2.1.1). */
  private static boolean isKeptForMcp(int code) {
    return code >= -32_099 && code <= -32_020 && code != RpcError.LEGACY_URL_ELICITATION_REQUIRED;
  }

  /** Only when the error says which resource it means; otherwise the code stays (FE-11). */
  private static boolean isMissingResource(RpcError error, String method) {
    return Method.RESOURCES_READ.is(method)
        && error
            .data()
            .flatMap(data -> data.asObject())
            .flatMap(data -> data.string("uri"))
            .isPresent();
  }
}
