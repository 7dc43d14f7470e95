package dev.sallyport.cli.client.modern;

import dev.sallyport.cli.client.ClientException;
import dev.sallyport.cli.client.McpSession;
import dev.sallyport.cli.client.Wire;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks without a handshake (CH-01 to CH-06). */
public final class ModernSession implements McpSession {
  private final Wire wire;
  private final ClientContext client;
  private long lastId;

  /**
   * @param info the Implementation object the server is told
   * @param capabilities what questions can be answered
   */
  public ModernSession(Wire wire, JsonObject info, JsonObject capabilities) {
    this.wire = wire;
    this.client =
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, capabilities, Optional.of(info), Optional.empty());
  }

  @Override
  public ProtocolVersion version() {
    return client.version();
  }

  @Override
  public Message.Reply ask(String method, JsonObject params, Map<String, String> mirrored)
      throws ClientException {
    JsonObject complete = Meta.of(client.version(), client, Optional.empty()).addTo(params);
    Map<String, String> fields =
        new LinkedHashMap<>(MirroredHeaders.of(client.version(), method, complete));
    fields.putAll(mirrored);
    return wire.ask(new Message.Request(RpcId.of(++lastId), method, complete), fields).reply();
  }
}
