package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;

/** Exchanges as they reach a flow. */
final class Told {
  private Told() {}

  static Exchange call(String tool) {
    return request("tools/call", JsonObject.of("name", Json.of(tool)));
  }

  static Exchange request(String method, JsonObject params) {
    return exchange(method, params, ProtocolVersion.LATEST_MODERN, Optional.empty());
  }

  static Exchange inSession(String method) {
    return exchange(
        method,
        JsonObject.EMPTY,
        ProtocolVersion.LATEST_LEGACY,
        Optional.of(new ClientSession("one")));
  }

  private static Exchange exchange(
      String method, JsonObject params, ProtocolVersion version, Optional<ClientSession> session) {
    return new Exchange(
        method,
        params,
        Optional.empty(),
        new Origin(new Caller("key", "ann", ""), "/mcp", session, Optional.of(RpcId.of(1))),
        new ClientContext(version, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        new Cancellation());
  }
}
