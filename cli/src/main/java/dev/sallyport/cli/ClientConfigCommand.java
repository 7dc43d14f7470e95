package dev.sallyport.cli;

import dev.sallyport.gateway.config.clients.Client;
import dev.sallyport.protocol.Json;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** {@code sallyport client-config}: what to paste into a client. */
final class ClientConfigCommand implements Command {
  private static final Flag URL =
      Flag.taking("url", "URL", "where the server is shared")
          .withDefault("http://127.0.0.1:8080/mcp");
  private static final Flag NAME =
      Flag.taking("name", "NAME", "what the client calls it").withDefault("sallyport");
  private static final Flag KEY = Flag.taking("key", "KEY", "the access key");

  private final Sallyport.Surroundings surroundings;

  ClientConfigCommand(Sallyport.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public String path() {
    return "client-config";
  }

  @Override
  public String summary() {
    return "Print what a client needs to reach a shared server, ready to paste.";
  }

  @Override
  public String usage() {
    return "CLIENT";
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("CLIENT", known()));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("The server", URL, NAME, KEY));
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport client-config cursor --url http://127.0.0.1:8080/mcp --name notes");
  }

  @Override
  public List<String> notes() {
    return List.of(
        "The key is not printed unless you give it with --key; otherwise a placeholder stands in"
            + " its place.");
  }

  @Override
  public int run(Arguments arguments) throws CliFault {
    String name = arguments.text(NAME);
    String key = arguments.given(KEY).orElse("YOUR_KEY");
    URI uri = EndpointUrl.parse(arguments.text(URL));
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new CliFault(CliFault.USAGE, "--name is 1 to 64 of A-Z a-z 0-9 _ -");
    }
    for (String line :
        snippet(client(arguments.operands().getFirst()), name, uri.toString(), key)) {
      // Where it goes is no part of it: a file made from this output must be what the client reads.
      if (line.startsWith("//")) {
        surroundings.screen().say(line);
      } else {
        surroundings.screen().answer(line);
      }
    }
    return 0;
  }

  /** A client by the name that somebody wrote. */
  static Client client(String name) throws CliFault {
    return Client.named(name)
        .orElseThrow(
            () ->
                new CliFault(
                    CliFault.USAGE, "the client " + name + " is not known", "known:  " + known()));
  }

  static String known() {
    return String.join(", ", Client.names());
  }

  /** One line to paste into a shell for Claude Code. */
  static String claudeCode(String name, String url, Optional<String> key) {
    return "claude mcp add --transport http "
        + name
        + " "
        + url
        + key.map(secret -> " --header \"Authorization: Bearer " + secret + "\"").orElse("");
  }

  private static List<String> snippet(Client client, String name, String url, String key) {
    String bearer = "{ \"Authorization\": " + Json.of("Bearer " + key).text() + " }";
    String quotedUrl = Json.of(url).text();
    return switch (client) {
      case CLAUDE_CODE -> List.of(claudeCode(name, url, Optional.of(key)));
      case CLAUDE_DESKTOP ->
          List.of(
              "claude_desktop_config.json takes only local commands. Until `sallyport connect`"
                  + " ships, bridge it with mcp-remote:",
              "{ \"mcpServers\": { \""
                  + name
                  + "\": { \"command\": \"npx\", \"args\": [\"-y\", \"mcp-remote\", "
                  + quotedUrl
                  + ", \"--header\", \"Authorization:${AUTH}\"],",
              "    \"env\": { \"AUTH\": " + Json.of("Bearer " + key).text() + " } } } }");
      case CURSOR ->
          json(
              ".cursor/mcp.json",
              "mcpServers",
              name,
              "\"url\": " + quotedUrl + ", \"headers\": " + bearer);
      case VSCODE ->
          json(
              ".vscode/mcp.json",
              "servers",
              name,
              "\"type\": \"http\", \"url\": " + quotedUrl + ", \"headers\": " + bearer);
      case WINDSURF ->
          json(
              "~/.codeium/windsurf/mcp_config.json",
              "mcpServers",
              name,
              "\"serverUrl\": " + quotedUrl + ", \"headers\": " + bearer);
      case GEMINI ->
          json(
              "~/.gemini/settings.json",
              "mcpServers",
              name,
              "\"httpUrl\": " + quotedUrl + ", \"headers\": " + bearer);
      case CODEX ->
          List.of(
              "# ~/.codex/config.toml",
              "[mcp_servers." + name + "]",
              "url = " + quotedUrl,
              "http_headers = { \"Authorization\" = " + Json.of("Bearer " + key).text() + " }");
      case INSPECTOR ->
          json(
              "--config FILE",
              "mcpServers",
              name,
              "\"type\": \"http\", \"url\": " + quotedUrl + ", \"headers\": " + bearer);
    };
  }

  private static List<String> json(String file, String root, String name, String members) {
    return List.of("// " + file, "{ \"" + root + "\": { \"" + name + "\": { " + members + " } } }");
  }
}
