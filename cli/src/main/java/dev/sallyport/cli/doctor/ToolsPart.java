package dev.sallyport.cli.doctor;

import dev.sallyport.access.Secret;
import dev.sallyport.cli.client.ClientException;
import dev.sallyport.cli.client.HttpWire;
import dev.sallyport.cli.client.McpSession;
import dev.sallyport.cli.client.Sessions;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.transport.outbound.FetchOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the server answers, to whoever shows it the token. */
final class ToolsPart {
  private static final String SERVED = "MCP authorization, Error Handling";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI endpoint;
  private final Door door;
  private final String version;

  ToolsPart(URI endpoint, Door door, String version) {
    this.endpoint = endpoint;
    this.door = door;
    this.version = version;
  }

  /**
   * @param turnedAway whether it was the token that was not taken
   */
  record Seen(Step step, boolean turnedAway) {}

  /**
   * @param tokenFits whether what the token says is what is wanted, as far as that can be told
   */
  Seen look(Optional<Secret> token, boolean tokenFits) throws InterruptedException {
    if (token.isPresent()
        && door.knock(token) instanceof FetchOutcome.Document answer
        && (answer.status() == 401 || answer.status() == 403)) {
      Optional<Challenge> bearer =
          Challenge.bearer(Challenge.read(answer.fields().all("WWW-Authenticate")));
      Flaw flaw =
          answer.status() == 401 ? refused(token.get(), bearer, tokenFits) : lacking(bearer);
      return new Seen(
          Step.of(Step.Part.TOOLS, "HTTP " + answer.status() + " with the token", List.of(flaw)),
          true);
    }
    return list(token);
  }

  private static Flaw refused(Secret token, Optional<Challenge> bearer, boolean tokenFits) {
    Optional<String> error = bearer.flatMap(each -> each.get("error"));
    String said =
        bearer.flatMap(each -> each.get("error_description")).map(text -> ": " + text).orElse("");
    if (error.isEmpty()) {
      return new Flaw(
          "it answers as if there were no token",
          "RFC 6750 section 3.1",
          "a proxy in front strips Authorization (or takes it for its own sign-in), or the server"
              + " does not say invalid_token");
    }
    return new Flaw(
        "the token is not taken (" + error.get() + said + ")",
        "RFC 6750 section 3.1, MCP authorization, Token Handling",
        cause(token, tokenFits));
  }

  private static String cause(Secret token, boolean tokenFits) {
    return switch (ShownToken.of(token)) {
      case ShownToken.Key _ ->
          "the key is mistyped, revoked, expired or another server's:  sallyport keys list";
      case ShownToken.Opaque _, ShownToken.Encrypted _ ->
          "an opaque token where the server wants a JWT: Auth0 gives those out when no audience is"
              + " asked for, and Google always does";
      case ShownToken.Jwt _ ->
          tokenFits
              ? "the server expects another audience or type than it publishes, its clock is wrong,"
                  + " or it cannot fetch the issuer's keys; its log says which"
              : "what is wrong with the token is told above";
    };
  }

  private static Flaw lacking(Optional<Challenge> bearer) {
    boolean scopes =
        bearer.flatMap(each -> each.get("error")).filter("insufficient_scope"::equals).isPresent();
    return scopes
        ? new Flaw(
            "it wants the scopes " + String.join(" ", bearer.get().scopes()),
            "RFC 6750 section 3.1, MCP authorization, Scope Challenge Handling",
            "the client has to ask for these, and the provider has to grant them to this person")
        : new Flaw(
            "it does not let this caller in",
            SERVED,
            "a rule of the server or a firewall in front: it names no scope that would help");
  }

  private Seen list(Optional<Secret> token) {
    try (HttpWire wire = new HttpWire(endpoint, token.map(Secret::reveal), PATIENCE)) {
      McpSession session = Sessions.open(wire, "sallyport-doctor", version);
      return new Seen(
          switch (session.ask(Method.TOOLS_LIST.text(), JsonObject.EMPTY)) {
            case Message.Result result ->
                Step.good(
                    Step.Part.TOOLS,
                    "the server speaks "
                        + session.version().text()
                        + " and lists "
                        + listed(result.result()));
            case Message.Failure failure ->
                bad(
                    "error " + failure.error().code() + ": " + failure.error().message(),
                    "the server has no tools, or none for this caller");
          },
          false);
    } catch (ClientException e) {
      return new Seen(bad(String.valueOf(e.getMessage()), e.next().orElse("")), e.turnedAway());
    }
  }

  private static String listed(JsonObject result) {
    int tools = result.array("tools").orElse(List.of()).size();
    return tools
        + (tools == 1 ? " tool" : " tools")
        + (result.has("nextCursor") ? " on the first page" : "");
  }

  private static Step bad(String what, String cause) {
    return Step.of(
        Step.Part.TOOLS, "tools/list fails", List.of(new Flaw(what, "MCP server tools", cause)));
  }
}
