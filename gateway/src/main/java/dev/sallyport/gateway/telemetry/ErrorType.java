package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;

/** The {@code error.type} of the conventions: whether an exchange failed, and of what. */
final class ErrorType {
  static final String NONE = "";
  static final String INTERNAL = Integer.toString(RpcError.INTERNAL);
  private static final String TOOL = "tool_error";
  private static final String CANCELLED = "cancelled";
  private static final String REFUSED = "refused_";

  /** The conventions' own word for what has no name. */
  private static final String OTHER = "_OTHER";

  private static final int FIRST_OF_RPC = -32_768;
  private static final int LAST_OF_RPC = -32_000;

  private ErrorType() {}

  static String of(String method, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Complete(var result) ->
          Method.TOOLS_CALL.is(method)
                  && result.get("isError").flatMap(Json::asBoolean).orElse(false)
              ? TOOL
              : NONE;
      case Outcome.InputRequired _ -> NONE;
      case Outcome.Failed(RpcError error) -> of(error.code());
      case Outcome.Refused(Refusal refusal) -> REFUSED + Refusals.label(refusal.reason());
      case Outcome.Cancelled _ -> CANCELLED;
    };
  }

  /**
   * The conventions do not hold against a server what its client did wrong. A server may make up
   * codes, out of what a caller sent even; those outside of the range of JSON-RPC are one.
   */
  private static String of(int code) {
    return switch (code) {
      case RpcError.PARSE,
          RpcError.INVALID_REQUEST,
          RpcError.METHOD_NOT_FOUND,
          RpcError.INVALID_PARAMS,
          RpcError.LEGACY_RESOURCE_NOT_FOUND ->
          NONE;
      default -> text(code);
    };
  }

  /** The code of the error that came, also of one that is the client's; empty when none did. */
  static String status(Outcome outcome) {
    return outcome instanceof Outcome.Failed(RpcError error) ? text(error.code()) : NONE;
  }

  private static String text(int code) {
    return code >= FIRST_OF_RPC && code <= LAST_OF_RPC ? Integer.toString(code) : OTHER;
  }
}
