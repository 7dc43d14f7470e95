package dev.sallyport.cli.client;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import java.util.Map;

/** A conversation with one server in one era. Confined to one thread. */
public interface McpSession {
  ProtocolVersion version();

  /** Asks, and returns the reply as it stood on the wire. */
  default Message.Reply ask(String method, JsonObject params) throws ClientException {
    return ask(method, params, Map.of());
  }

  /**
   * @param mirrored fields that mirror arguments ({@code Mcp-Param-*}); an era or transport without
   *     them leaves them out
   */
  Message.Reply ask(String method, JsonObject params, Map<String, String> mirrored)
      throws ClientException;
}
