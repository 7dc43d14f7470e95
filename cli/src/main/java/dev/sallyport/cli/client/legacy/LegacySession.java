package dev.sallyport.cli.client.legacy;

import dev.sallyport.cli.client.ClientException;
import dev.sallyport.cli.client.McpSession;
import dev.sallyport.cli.client.Wire;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks within a session, after a handshake (CL-01, CL-02, CS-14). */
public final class LegacySession implements McpSession {
  private static final String SESSION = "Mcp-Session-Id";

  private final Wire wire;
  private final Optional<String> session;
  private final ProtocolVersion version;
  private long lastId = 1;

  private LegacySession(Wire wire, Optional<String> session, ProtocolVersion version) {
    this.wire = wire;
    this.session = session;
    this.version = version;
  }

  /**
   * Shakes hands.
   *
   * @param info the Implementation object the server is told
   * @throws ClientException when the server refuses, or answers with a version that does not exist
   */
  public static LegacySession open(Wire wire, JsonObject info, JsonObject capabilities)
      throws ClientException {
    JsonObject params =
        JsonObject.EMPTY
            .with("protocolVersion", ProtocolVersion.LATEST_LEGACY.text())
            .with("capabilities", capabilities)
            .with("clientInfo", info);
    Wire.Answer answer =
        wire.ask(new Message.Request(RpcId.of(1), Method.INITIALIZE.text(), params), Map.of());
    return switch (answer.reply()) {
      case Message.Result result -> {
        String named = result.result().string("protocolVersion").orElse("no version");
        ProtocolVersion agreed =
            ProtocolVersion.of(named)
                .orElseThrow(
                    () ->
                        new ClientException(
                            "the server speaks " + named + ", which Sallyport does not know"));
        LegacySession open = new LegacySession(wire, answer.session(), agreed);
        wire.tell(
            new Message.Notification(Method.INITIALIZED.text(), JsonObject.EMPTY), open.fields());
        yield open;
      }
      case Message.Failure failure ->
          throw new ClientException(
              "the server refused initialize: "
                  + failure.error().message()
                  + " ("
                  + failure.error().code()
                  + ")");
    };
  }

  @Override
  public ProtocolVersion version() {
    return version;
  }

  @Override
  public Message.Reply ask(String method, JsonObject params, Map<String, String> mirrored)
      throws ClientException {
    return wire.ask(new Message.Request(RpcId.of(++lastId), method, params), fields()).reply();
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    session.ifPresent(id -> fields.put(SESSION, id));
    if (version.atLeast(ProtocolVersion.V2025_06_18)) {
      fields.put(MirroredHeaders.VERSION, version.text());
    }
    return fields;
  }
}
