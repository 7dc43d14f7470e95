package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Guarded;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Answers {@code initialize} from what the handler says of itself in {@code server/discover}
 * (mcp-reference 2.1 row 1). It waits for no person, and no message cancels it (LH-22). Immutable.
 */
public final class Handshake {
  /** A server need not say who it is, but this answer must. */
  private static final JsonObject NAMELESS =
      JsonObject.of("name", Json.of("mcp-server"), "version", Json.of("0"));

  private final String route;
  private final List<ProtocolVersion> served;
  private final Handler handler;
  private final SessionLimits limits;
  private final SecureRandom random;

  /**
   * @param route the endpoint's name
   * @param served versions with a handshake, newest first
   */
  public Handshake(
      String route,
      List<ProtocolVersion> served,
      Handler handler,
      SessionLimits limits,
      SecureRandom random) {
    this.route = route;
    this.served = List.copyOf(served);
    this.handler = new Guarded(handler);
    this.limits = limits;
    this.random = random;
  }

  /** What a handshake came to. */
  public sealed interface Opening {
    record Opened(LegacySession session, Message.Result reply) implements Opening {}

    record Turned(Ending ending) implements Opening {}
  }

  /**
   * @param unsolicited where the session sends what belongs to no call
   * @param unwanted fires when nobody waits for the answer any more
   */
  public Opening open(
      Message.Request initialize, Identity who, Sink unsolicited, Cancellation unwanted) {
    JsonObject params = initialize.params();
    Optional<String> requested = params.string("protocolVersion");
    if (requested.isEmpty()) {
      return failed(initialize, RpcError.invalidParams("protocolVersion must be a string"));
    }
    // Neither is missing in a well-made request, but nothing here needs them (JR-23).
    Optional<JsonObject> declared =
        params.has("capabilities") ? params.object("capabilities") : Optional.of(JsonObject.EMPTY);
    Optional<JsonObject> info = params.object("clientInfo");
    if (declared.isEmpty() || (info.isEmpty() && params.has("clientInfo"))) {
      return failed(
          initialize, RpcError.invalidParams("capabilities and clientInfo must be objects"));
    }
    ProtocolVersion version = negotiated(requested.get());
    ClientContext client =
        new ClientContext(
            version, CapabilityForms.ofClient(declared.get(), version), info, Optional.empty());
    ClientSession life = new ClientSession(newId());
    Origin origin = Origin.of(who.caller(), route).with(who.claims()).in(life);
    Opening opening =
        switch (discover(origin.requested(initialize.id()), client, unwanted)) {
          case Outcome.Complete(var offer) ->
              opened(initialize, origin, client, offer, unsolicited);
          case Outcome.Failed(var error) -> failed(initialize, error);
          case Outcome.Refused(var refusal) ->
              new Opening.Turned(new Ending.Refused(initialize.id(), refusal));
          case Outcome.Cancelled _ when unwanted.isCancelled() ->
              new Opening.Turned(
                  new Ending.Refused(
                      initialize.id(),
                      Refusal.of(Refusal.Reason.UNAVAILABLE, "The server is stopping")));
          case Outcome.InputRequired _, Outcome.Cancelled _ ->
              failed(initialize, RpcError.internal("The server does not say what it offers"));
        };
    if (opening instanceof Opening.Turned) {
      life.end(); // The server may hold something for it already.
    }
    return opening;
  }

  /** VN-09; never one without a handshake (VN-10). */
  private ProtocolVersion negotiated(String requested) {
    return ProtocolVersion.of(requested).filter(served::contains).orElse(served.getFirst());
  }

  private Outcome discover(Origin origin, ClientContext client, Cancellation unwanted) {
    return handler.handle(
        new Exchange(
            Method.DISCOVER.text(),
            JsonObject.EMPTY,
            Optional.empty(),
            origin,
            client,
            Optional.empty(),
            ClientChannel.NONE,
            unwanted));
  }

  private Opening opened(
      Message.Request initialize,
      Origin origin,
      ClientContext client,
      JsonObject discovered,
      Sink unsolicited) {
    JsonObject offer =
        CapabilityForms.ofServer(discovered.object("capabilities").orElse(JsonObject.EMPTY));
    JsonObject result =
        JsonObject.EMPTY
            .with("protocolVersion", client.version().text())
            .with("capabilities", offer)
            .with("serverInfo", Meta.serverInfo(discovered).orElse(NAMELESS));
    Optional<String> instructions = discovered.string("instructions");
    if (instructions.isPresent()) {
      result = result.with("instructions", instructions.get());
    }
    LegacySession session =
        new LegacySession(
            origin,
            client,
            offer,
            handler,
            limits,
            new QuestionForms(client, this::newId),
            unsolicited);
    return new Opening.Opened(session, new Message.Result(initialize.id(), result));
  }

  private String newId() {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
  }

  private static Opening failed(Message.Request initialize, RpcError error) {
    return new Opening.Turned(
        new Ending.Replied(new Message.Failure(Optional.of(initialize.id()), error)));
  }
}
