package dev.sallyport.protocol;

import java.util.Optional;

/**
 * One JSON-RPC 2.0 message. Its members are kept as text, so what nobody here understands survives
 * a relay (JR-28).
 */
public sealed interface Message {

  /** This message as UTF-8 JSON text on one line, without a line end. */
  default byte[] toBytes() {
    JsonWriter writer = new JsonWriter(length());
    writeTo(writer);
    return writer.toBytes();
  }

  void writeTo(JsonWriter writer);

  /** About how many bytes that is; exactly so, most often, and then nothing is copied twice. */
  int length();

  private static int length(String frame, JsonObject params) {
    return frame.length() + (params.isEmpty() ? 0 : ",\"params\":".length() + params.length());
  }

  private static JsonWriter begin(JsonWriter writer) {
    return writer.beginObject().member("jsonrpc", "2.0");
  }

  private static void params(JsonWriter writer, JsonObject params) {
    if (!params.isEmpty()) {
      writer.name("params").value(params);
    }
    writer.endObject();
  }

  /**
   * A call that wants an answer.
   *
   * @param params empty when the message had none
   */
  record Request(RpcId id, String method, JsonObject params) implements Message {
    @Override
    public void writeTo(JsonWriter writer) {
      begin(writer).member("id", id.token()).member("method", method);
      Message.params(writer, params);
    }

    @Override
    public int length() {
      return Message.length("{\"jsonrpc\":\"2.0\",\"id\":,\"method\":\"\"}", params)
          + id.token().length()
          + method.length();
    }
  }

  /** A message that is never answered (JR-06, JR-07). */
  record Notification(String method, JsonObject params) implements Message {
    @Override
    public void writeTo(JsonWriter writer) {
      begin(writer).member("method", method);
      Message.params(writer, params);
    }

    @Override
    public int length() {
      return Message.length("{\"jsonrpc\":\"2.0\",\"method\":\"\"}", params) + method.length();
    }
  }

  /** What answers a request. */
  sealed interface Reply extends Message {}

  /** A request that succeeded. MCP results are objects. */
  record Result(RpcId id, JsonObject result) implements Reply {
    @Override
    public void writeTo(JsonWriter writer) {
      begin(writer).member("id", id.token()).name("result").value(result).endObject();
    }

    @Override
    public int length() {
      return "{\"jsonrpc\":\"2.0\",\"id\":,\"result\":}".length()
          + id.token().length()
          + result.length();
    }
  }

  /**
   * A request that failed.
   *
   * @param id empty only when the request's id could not be read (JR-04)
   */
  record Failure(Optional<RpcId> id, RpcError error) implements Reply {
    @Override
    public void writeTo(JsonWriter writer) {
      begin(writer);
      id.ifPresent(known -> writer.member("id", known.token()));
      writer.name("error");
      error.writeTo(writer);
      writer.endObject();
    }

    @Override
    public int length() {
      return 256;
    }
  }
}
