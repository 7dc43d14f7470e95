package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of asking a fresh child {@code server/discover}, before anything else (CS-10). */
public sealed interface Discovery {
  /** It is modern, and ready. */
  record Modern(ModernConversation child) implements Discovery {}

  /**
   * It is modern, but not in a version of ours. It was ended.
   *
   * @param offered the versions it named; handshake versions may be among them (4-T04)
   */
  record NoCommonVersion(List<String> offered) implements Discovery {
    public NoCommonVersion {
      offered = List.copyOf(offered);
    }
  }

  /**
   * It answered, but like no modern server: with another error, or with something else (CS-11). It
   * is still there, and may be greeted.
   *
   * @param why a server that has to be modern will not do
   */
  record Answered(Wire wire, StartException why) implements Discovery {}

  /**
   * It did not answer in time, or ended (CS-11). It is ended, since nobody knows what state it is
   * in (CS-20).
   */
  record Unanswered(StartException why) implements Discovery {}

  /** Asks, and takes any answer for an answer. */
  static Discovery of(Wire wire, ModernOptions options, Duration limit) {
    ModernInbound inbound = new ModernInbound(wire, options.shared());
    wire.start(inbound);
    JsonObject params = params(ProtocolVersion.LATEST_MODERN, options);
    Optional<Message.Reply> reply = wire.ask(Method.DISCOVER, params, limit);
    if (reply.isEmpty()) {
      return new Unanswered(wire.closeUnanswered(limit));
    }
    return switch (reply.get()) {
      case Message.Result(var _, JsonObject self) ->
          self.array("supportedVersions").isPresent()
              ? chosen(
                  self.array("supportedVersions").get(),
                  wire,
                  options,
                  self.object("capabilities").orElse(JsonObject.EMPTY))
              : new Answered(wire, StartException.incompatible(List.of()));
      case Message.Failure failure -> judge(failure.error(), wire, options);
    };
  }

  /** The parameters of a {@code server/discover} of our own. */
  static JsonObject params(ProtocolVersion version, ModernOptions options) {
    ClientContext ourselves =
        new ClientContext(
            version, JsonObject.EMPTY, Optional.of(options.clientInfo()), Optional.empty());
    return Meta.of(version, ourselves, Optional.empty()).addTo(JsonObject.EMPTY);
  }

  private static Discovery judge(RpcError error, Wire wire, ModernOptions options) {
    return switch (error.code()) {
      case RpcError.UNSUPPORTED_VERSION ->
          chosen(
              error
                  .data()
                  .flatMap(Json::asObject)
                  .flatMap(data -> data.array("supported"))
                  .orElse(List.of()),
              wire,
              options,
              JsonObject.EMPTY);
      // Only a modern server knows these; what it disliked about this request is its secret.
      case RpcError.HEADER_MISMATCH, RpcError.MISSING_CAPABILITY ->
          new Modern(
              ModernConversation.on(
                  wire, ProtocolVersion.LATEST_MODERN, options, JsonObject.EMPTY));
      default -> new Answered(wire, StartException.rejected(error));
    };
  }

  private static Discovery chosen(
      List<Json> supported, Wire wire, ModernOptions options, JsonObject capabilities) {
    List<String> offered = supported.stream().flatMap(v -> v.asString().stream()).toList();
    Optional<ProtocolVersion> common =
        ProtocolVersion.newestFirst(ProtocolVersion.Era.MODERN).stream()
            .filter(version -> offered.contains(version.text()))
            .findFirst();
    if (common.isEmpty()) {
      wire.close();
      return new NoCommonVersion(offered);
    }
    return new Modern(ModernConversation.on(wire, common.get(), options, capabilities)); // CH-15
  }
}
