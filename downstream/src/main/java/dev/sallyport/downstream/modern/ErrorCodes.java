package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;

/**
 * Which errors of a handler a modern client may see, and under which status (mcp-reference 2.1.1).
 */
final class ErrorCodes {
  private static final String ORIGINAL = "dev.sallyport/original";

  private ErrorCodes() {}

  /**
   * HTTP names a status for two errors that a sound request can meet; the others are answered like
   * results (4-T07).
   */
  static int status(RpcError error) {
    return switch (error.code()) {
      case RpcError.METHOD_NOT_FOUND -> 404;
      case RpcError.MISSING_CAPABILITY -> 400;
      default -> 200;
    };
  }

  /**
   * Codes of other versions become what this version says instead (JR-11), and those that only the
   * protocol layer may send become an internal error, original kept (JR-10, JR-12).
   */
  static RpcError translate(RpcError error) {
    int code = error.code();
    if (code == RpcError.LEGACY_RESOURCE_NOT_FOUND) {
      return new RpcError(RpcError.INVALID_PARAMS, error.message(), error.data());
    }
    boolean foreign = (code <= -32000 && code >= -32099 && code != RpcError.MISSING_CAPABILITY);
    return foreign ? wrapped(error) : error;
  }

  private static RpcError wrapped(RpcError error) {
    JsonObject original = JsonObject.of("code", Json.of(error.code()));
    if (error.data().isPresent()) {
      original = original.with("data", error.data().get());
    }
    return new RpcError(
        RpcError.INTERNAL,
        error.message(),
        Optional.of(JsonObject.of(ORIGINAL, original.toJson()).toJson()));
  }
}
