package dev.sallyport.gateway.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which keys there are, and what stands under them. */
sealed interface Keys {
  /** One value. */
  record One() implements Keys {}

  /** A list of values. */
  record Several() implements Keys {}

  /**
   * Keys of ours.
   *
   * @param example of such a group
   */
  record Group(String example, Map<String, Keys> members) implements Keys {
    List<String> names() {
      return List.copyOf(members.keySet());
    }

    Optional<Keys> member(String name) {
      return Optional.ofNullable(members.get(name));
    }
  }

  /**
   * Names that people choose.
   *
   * @param naming whether the environment can add one
   */
  record Named(Keys each, Naming naming) implements Keys {}

  /** What only the file can say, because a variable's name could not. */
  record InFile() implements Keys {}

  /** What a name that only the environment says becomes. */
  enum Naming {
    /** Nothing: the file has to know it. */
    KNOWN,
    AS_WRITTEN,
    /** With hyphens, as header fields are named. */
    HYPHENS
  }

  Group TOOLS =
      group("{allow: [read_*]}", several("allow", "deny"), Map.of("rename", new InFile()));

  Group SERVER_LIMITS = group("{memory: 2g}", one("memory", "processes", "files", "cpus"));

  Group SERVER =
      group(
          "{command: npx}",
          one("command"),
          several("args"),
          Map.of("env", new Named(new One(), Naming.AS_WRITTEN)),
          one("cwd", "url", "httpUrl", "serverUrl", "type"),
          Map.of("headers", new Named(new One(), Naming.HYPHENS)),
          one("ca", "client-cert", "client-key", "proxy"),
          one("enabled", "disabled", "prefix", "era", "timeout"),
          one("isolation", "children", "children-per-caller", "idle", "warm-spare"),
          one("pass-baggage"),
          one("sandbox"),
          several("allow-read", "allow-write"),
          one("allow-net"),
          Map.of("limits", SERVER_LIMITS),
          one("user"),
          Map.of("tools", TOOLS));

  Group ROUTE =
      group(
          "{path: /mcp}",
          one("path", "name"),
          several("servers"),
          one("prefixes", "sse"),
          several("scopes"),
          Map.of("tool-scopes", new InFile()));

  Group CLAIMS = group("{groups: [roles]}", several("scopes", "groups", "client", "person"));

  Group INTROSPECTION =
      group(
          "{url: https://login.example.com/introspect, client-id: gateway}",
          one("url", "client-id", "client-secret"));

  Group ISSUER =
      group(
          "{issuer: https://login.example.com}",
          one("issuer", "keys"),
          several("algorithms", "audiences"),
          one("access-tokens"),
          Map.of("claims", CLAIMS),
          Map.of("introspection", INTROSPECTION),
          Map.of("scope-includes", new InFile()));

  Group TLS = group("{cert: c.pem, key: k.pem}", one("cert", "key"));

  Group LIMITS =
      group(
          "{burst: 2000}", one("max-body", "requests-per-second", "burst", "drain", "drain-delay"));

  Group LOG =
      group(
          "{level: debug}",
          one("level", "format"),
          Map.of("levels", new Named(new One(), Naming.KNOWN)));

  Group TELEMETRY =
      group(
          "{otlp: http://127.0.0.1:4318}",
          one("otlp"),
          Map.of("headers", new Named(new One(), Naming.HYPHENS)),
          one("traces", "follow-callers", "metrics", "service-name"));

  Named SERVERS = new Named(SERVER, Naming.KNOWN);

  Group ROOT =
      group(
          "",
          one("listen"),
          Map.of("tls", TLS),
          several("behind-proxy"),
          one("public-url", "callers", "admin"),
          Map.of("telemetry", TELEMETRY),
          Map.of("limits", LIMITS),
          Map.of("log", LOG),
          Map.of("servers", SERVERS),
          Map.of("mcpServers", SERVERS),
          Map.of("routes", new InFile()),
          Map.of("issuers", new InFile()),
          // for editors of JSON
          Map.of("$schema", new InFile()));

  private static Map<String, Keys> one(String... names) {
    return all(new One(), names);
  }

  private static Map<String, Keys> several(String... names) {
    return all(new Several(), names);
  }

  private static Map<String, Keys> all(Keys kind, String... names) {
    return Stream.of(names)
        .collect(Collectors.toMap(name -> name, name -> kind, (a, b) -> a, LinkedHashMap::new));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // read, and not kept
  private static Group group(String example, Map<String, Keys>... parts) {
    Map<String, Keys> members = new LinkedHashMap<>();
    Stream.of(parts).forEach(members::putAll);
    return new Group(example, members);
  }
}
