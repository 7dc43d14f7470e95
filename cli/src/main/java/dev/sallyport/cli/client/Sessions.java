package dev.sallyport.cli.client;

import dev.sallyport.cli.client.legacy.LegacySession;
import dev.sallyport.cli.client.modern.ModernSession;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;

/** Begins a conversation in the newest way a server speaks. */
public final class Sessions {
  private static final int MOST_NAMED = 16;

  private Sessions() {}

  /**
   * Asks {@code server/discover} first; whatever else than a version of ours comes back, shakes
   * hands (CH-18).
   *
   * @throws ClientException when the server speaks neither way, or does not let us in
   */
  public static McpSession open(Wire wire, String clientName, String clientVersion)
      throws ClientException {
    JsonObject info = JsonObject.of("name", Json.of(clientName), "version", Json.of(clientVersion));
    ModernSession modern = new ModernSession(wire, info, JsonObject.EMPTY);
    List<String> offered = offered(modern);
    if (offered.contains(modern.version().text())) {
      return modern;
    }
    try {
      return LegacySession.open(wire, info, JsonObject.EMPTY);
    } catch (ClientException e) {
      if (e.turnedAway() || offered.isEmpty()) {
        throw e;
      }
      throw new ClientException(
          "the server speaks "
              + String.join(", ", offered)
              + ", and we "
              + modern.version().text()
              + " and older",
          e);
    }
  }

  /** The versions it names, if it knows the question. */
  private static List<String> offered(ModernSession modern) throws ClientException {
    try {
      Optional<List<Json>> named =
          switch (modern.ask(Method.DISCOVER.text(), JsonObject.EMPTY)) {
            case Message.Result(var id, var result) -> result.array("supportedVersions");
            case Message.Failure(var id, var error) ->
                error
                    .data()
                    .filter(data -> error.code() == RpcError.UNSUPPORTED_VERSION)
                    .flatMap(Json::asObject)
                    .flatMap(data -> data.array("supported"));
          };
      return named.orElse(List.of()).stream()
          .flatMap(each -> each.asString().stream())
          .limit(MOST_NAMED)
          .toList();
    } catch (ClientException e) {
      if (e.httpStatus().isEmpty() || e.turnedAway()) {
        throw e;
      }
      return List.of();
    }
  }
}
