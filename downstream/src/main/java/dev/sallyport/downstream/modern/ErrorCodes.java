package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.RpcError;

/**
 * Which errors of a handler a modern client may see, and under which status (mcp-reference 2.1.1).
 */
final class ErrorCodes {
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
    if (error.code() == RpcError.LEGACY_RESOURCE_NOT_FOUND) {
      return new RpcError(RpcError.INVALID_PARAMS, error.message(), error.data());
    }
    return error.isReserved() && error.code() != RpcError.MISSING_CAPABILITY
        ? error.asInternal()
        : error;
  }
}
