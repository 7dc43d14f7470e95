package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;

/** Exchanges as they reach a flow. */
final class Calls {
  private Calls() {}

  static Exchange call(String tool, JsonObject meta) {
    JsonObject params = JsonObject.of("name", Json.of(tool));
    return new Exchange(
        "tools/call",
        meta.isEmpty() ? params : params.with("_meta", meta),
        Optional.empty(),
        Origin.of(new Caller("key", "ann", ""), "/mcp").requested(RpcId.of(1)),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        new Cancellation());
  }
}
