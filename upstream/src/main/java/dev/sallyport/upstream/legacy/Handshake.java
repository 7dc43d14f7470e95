package dev.sallyport.upstream.legacy;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.Optional;

/**
 * What a legacy server said of itself when we met (CS-14).
 *
 * @param version the negotiated version
 * @param result the InitializeResult
 */
record Handshake(ProtocolVersion version, JsonObject result) {

  /**
   * Introduces a client to a fresh child. It is never cancelled (CS-15): a child that does not
   * answer is ended.
   */
  static Handshake with(Wire wire, ClientProfile profile, JsonObject clientInfo, Duration limit)
      throws StartException {
    JsonObject params =
        JsonObject.of("protocolVersion", Json.of(ProtocolVersion.LATEST_LEGACY.text()))
            .with("capabilities", profile.toCapabilities())
            .with("clientInfo", clientInfo);
    Optional<Message.Reply> reply = wire.ask(Method.INITIALIZE, params, limit);
    if (reply.isEmpty()) {
      throw wire.closeUnanswered(limit);
    }
    return switch (reply.get()) {
      case Message.Result answer -> agreed(wire, answer.result());
      case Message.Failure failure -> {
        wire.close();
        throw StartException.rejected(failure.error());
      }
    };
  }

  private static Handshake agreed(Wire wire, JsonObject result) throws StartException {
    Optional<String> offered = result.string("protocolVersion");
    Optional<ProtocolVersion> version =
        offered
            .flatMap(ProtocolVersion::of)
            .filter(known -> known.era() == ProtocolVersion.Era.LEGACY);
    if (version.isEmpty()) {
      wire.close();
      throw StartException.incompatible(offered.stream().toList());
    }
    wire.agreed(version.get());
    wire.send(new Message.Notification(Method.INITIALIZED.text(), JsonObject.EMPTY));
    return new Handshake(version.get(), result);
  }

  /** The answer to {@code server/discover}, as far as the server is its author (2.1 row 1). */
  JsonObject toDiscoverResult() {
    // Tasks of 2025-11-25 are not relayed (2.6), so they are not offered.
    JsonObject discover = JsonObject.of("capabilities", capabilities().without("tasks").toJson());
    Optional<Json> instructions =
        result.get("instructions").filter(text -> text.kind() == Json.Kind.STRING);
    if (instructions.isPresent()) {
      discover = discover.with("instructions", instructions.get());
    }
    Optional<JsonObject> info = result.object("serverInfo");
    return info.isPresent() ? Meta.withServerInfo(discover, info.get()) : discover;
  }

  private JsonObject capabilities() {
    return result.object("capabilities").orElse(JsonObject.EMPTY);
  }

  boolean offers(String capability) {
    return capabilities().has(capability);
  }

  /** Whether a flag of a capability is set, {@code tools.listChanged} for example. */
  boolean offers(String capability, String flag) {
    return capabilities()
        .object(capability)
        .flatMap(flags -> flags.get(flag))
        .flatMap(Json::asBoolean)
        .orElse(false);
  }

  /** Parameters as this server's version has them. */
  JsonObject adapt(Exchange exchange) {
    if (Method.TOOLS_CALL.is(exchange.method())) {
      return exchange.params().without("task"); // Tasks of 2025-11-25 are not relayed (2.6).
    }
    boolean unknownYet =
        Method.COMPLETE.is(exchange.method()) && !version.atLeast(ProtocolVersion.V2025_06_18);
    return unknownYet ? exchange.params().without("context") : exchange.params(); // 2.1 row 28
  }
}
