package dev.sallyport.cli.client;

import dev.sallyport.cli.client.legacy.LegacySession;
import dev.sallyport.cli.client.modern.ModernSession;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;

/** Begins a conversation in the newest way a server speaks. */
public final class Sessions {
  private Sessions() {}

  /**
   * Asks {@code server/discover} first; whatever else than its result comes back, shakes hands
   * (CH-18).
   *
   * @throws ClientException when the server speaks neither way, or does not let us in
   */
  public static McpSession open(Wire wire, String clientName, String clientVersion)
      throws ClientException {
    JsonObject info = JsonObject.of("name", Json.of(clientName), "version", Json.of(clientVersion));
    McpSession modern = new ModernSession(wire, info, JsonObject.EMPTY);
    try {
      Message.Reply reply = modern.ask(Method.DISCOVER.text(), JsonObject.EMPTY);
      if (reply instanceof Message.Result result && result.result().has("supportedVersions")) {
        return modern;
      }
    } catch (ClientException e) {
      if (e.httpStatus().isEmpty()
          || e.httpStatus().getAsInt() == 401
          || e.httpStatus().getAsInt() == 403) {
        throw e;
      }
    }
    return LegacySession.open(wire, info, JsonObject.EMPTY);
  }
}
