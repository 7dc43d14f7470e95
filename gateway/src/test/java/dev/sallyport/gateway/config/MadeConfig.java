package dev.sallyport.gateway.config;

import dev.sallyport.access.token.ClaimNames;
import dev.sallyport.access.token.Introspection;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TypeRule;
import dev.sallyport.gateway.Cidr;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.RouteScopes;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.transport.outbound.DirectHosts;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundProxy;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.Sharing;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Makes configurations of all that there can be, the same ones each time. */
record MadeConfig(SplittableRandom random, Path folder) {
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "-y",
          "--flag=1",
          "-1",
          "a b",
          "true",
          "no",
          "~",
          "3",
          "0x10",
          "- x",
          "a: b",
          "#",
          "x #y",
          "[a, b]",
          "{a: b}",
          "'",
          "\"",
          "\\",
          "two\nlines\n",
          "\ttab",
          "$",
          "$$",
          "${HOME}",
          "${file:token.txt}",
          "€ \ud83d\ude00",
          "\u2028\u0085\u0001",
          "---",
          "...",
          "%YAML",
          "&a",
          "*a",
          "!a",
          "@a",
          "`a`",
          "trailing ",
          " leading",
          "x".repeat(2_000));

  Config config() throws IOException {
    boolean foreign = some();
    List<ServerConfig> servers = new ArrayList<>();
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      servers.add(server((foreign ? "my server " : "server_") + i, "p" + i));
    }
    List<String> names = servers.stream().map(ServerConfig::name).toList();
    Listening.Callers callers = one(Listening.Callers.values());
    TelemetryConfig telemetry = some() ? new TelemetryConfig.Off() : telemetry();
    return new Config(
        listening(callers),
        some() ? new AdminConfig.Off() : new AdminConfig.At(new HostPort("::1", 9091)),
        telemetry,
        new ServingLimits(
            random.nextInt(1_024, 1 << 30),
            new Limits.Bounds(random.nextInt(1, 1_000_000), 2_000, Limits.Bounds.DEFAULT.callers()),
            Duration.ofMillis(random.nextInt(1_000, 600_000)),
            Duration.ofMillis(random.nextInt(300_000))),
        new LogConfig(
            one(LogConfig.Level.values()),
            one(LogConfig.Format.values()),
            some()
                ? Map.of(
                    "dev.sallyport", LogConfig.Level.DEBUG, "off", one(LogConfig.Level.values()))
                : Map.of(),
            telemetry instanceof TelemetryConfig.To to ? to.serviceName() : LogConfig.OURSELVES),
        issuers(callers),
        servers,
        List.of(),
        routes(names));
  }

  private TelemetryConfig telemetry() {
    OptionalDouble traces =
        switch (random.nextInt(3)) {
          case 0 -> OptionalDouble.empty();
          case 1 -> OptionalDouble.of(1);
          default -> OptionalDouble.of(random.nextInt(100) / 100.0);
        };
    boolean alone = traces.isPresent() && some();
    return new TelemetryConfig.To(
        HttpUrl.of("https://collector.example/base").orElseThrow(),
        some() ? HttpFields.empty() : HttpFields.empty().with("Api-Key", "a ${b} \"c\""),
        traces,
        some(),
        alone ? Optional.empty() : Optional.of(Duration.ofSeconds(random.nextInt(1, 3_600))),
        some() ? "sallyport" : "team",
        Map.of());
  }

  private List<Issuer> issuers(Listening.Callers callers) {
    Issuer plain = issuer("https://login.example.com/realms/team/");
    Issuer rich =
        issuer("http://127.0.0.1:8180/realms/team")
            .withKeys(HttpUrl.of("https://keys.example/jwks?a=b").orElseThrow())
            .withAlgorithms(Set.of("ES384"))
            .withAudiences(Set.of("api://mcp", "other"))
            .withType(new TypeRule.Claim("typ", some() ? Optional.empty() : Optional.of("a=b")))
            .withClaims(
                new ClaimNames(
                    List.of("s"), List.of("realm_access.roles"), List.of("c"), List.of("p")))
            .withIncludes(Map.of("admin", Set.of("mcp:read", "mcp:write")))
            .withIntrospection(
                new Introspection(HttpUrl.of("https://a.example/i").orElseThrow(), "us", "$a${b}"));
    return switch (callers) {
      case ANYONE -> List.of();
      case KEYS -> some() ? List.of() : List.of(rich, plain);
      case TOKENS -> some() ? List.of(plain) : List.of(plain, rich);
    };
  }

  private static Issuer issuer(String name) {
    return Issuer.of(name, HttpUrl.of(name).orElseThrow());
  }

  private List<RouteConfig> routes(List<String> names) {
    RouteConfig first =
        new RouteConfig(
            "/mcp",
            some() ? "sallyport" : "team",
            names,
            one(RouteConfig.Prefixes.values()),
            some(),
            some()
                ? RouteScopes.NONE
                : new RouteScopes(
                    Set.of("mcp:connect", "a"),
                    List.of(new RouteScopes.OfTools("write_*", Set.of("mcp:write", "b")))));
    RouteConfig second =
        new RouteConfig(
            "/a/b",
            "b",
            List.of(names.getLast()),
            RouteConfig.Prefixes.ALWAYS,
            false,
            RouteScopes.NONE);
    return some() ? List.of(first) : List.of(first, second);
  }

  private Listening listening(Listening.Callers callers) {
    List<Cidr> proxies =
        some()
            ? List.of(
                Cidr.parse("10.0.0.7/32").orElseThrow(), Cidr.parse("fd00::/64").orElseThrow())
            : List.of();
    return new Listening(
        some() ? new HostPort("", random.nextInt(65_536)) : new HostPort("127.0.0.1", 8080),
        some()
            ? Optional.of(new TlsFiles(folder.resolve("c.pem"), folder.resolve("k.pem")))
            : Optional.empty(),
        proxies,
        !proxies.isEmpty() || some()
            ? Optional.of(URI.create("https://mcp.example:8443"))
            : Optional.empty(),
        callers);
  }

  private ServerConfig server(String name, String prefix) throws IOException {
    boolean remote = some();
    return new ServerConfig(
        name,
        prefix,
        new Place.WholeFile(),
        remote ? remote() : command(),
        UpstreamOptions.DEFAULT
            .withEra(one(EraChoice.values()))
            .withCallTimeout(Duration.ofMillis(random.nextInt(1_000, 86_400_000)))
            .withSharing(
                (remote ? Sharing.ELSEWHERE : Sharing.DEFAULT)
                    .withIsolation(one(Isolation.values()))
                    .withChildren(random.nextInt(1, 10_000), random.nextInt(1, 10_000))
                    .withIdle(Duration.ofMinutes(random.nextInt(1, 10_000)))
                    .withWarmSpare(some())),
        new ToolRules(
            some() ? List.of("read_*", "a.b/c") : List.of(),
            some() ? List.of("*", "true") : List.of(),
            some() ? Map.of("old name: x", "new", "$a", "b") : Map.of()),
        some());
  }

  private Backend command() throws IOException {
    List<String> words = new ArrayList<>(List.of("npx"));
    Map<String, String> variables = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      words.add(TEXTS.get(random.nextInt(TEXTS.size())));
      variables.put("V" + i, TEXTS.get(random.nextInt(TEXTS.size())));
    }
    SandboxChoice choice = one(SandboxChoice.values());
    ResourceLimits limits =
        choice == SandboxChoice.NONE ? ResourceLimits.UNLIMITED : ResourceLimits.DEFAULT;
    for (String setting :
        List.of(
            "memory=1536m", "memory=16777217", "processes=7", "files=16", "cpus=1.5", "cpus=2")) {
      limits = some() ? limits.with(setting).orElseThrow() : limits;
    }
    return new Backend.Command(
        new ChildCommand(
            words, variables, List.of(), Optional.of(some() ? folder : folder.resolve("data"))),
        new SandboxWishes(
            choice,
            limits,
            some() ? List.of(folder.resolve("notes")) : List.of(),
            some() ? List.of(folder.resolve("data"), folder) : List.of(),
            some(),
            some() ? Account.find("root", Account.PASSWD) : Optional.empty()));
  }

  private Backend remote() {
    HttpFields fields = HttpFields.empty();
    for (int i = random.nextInt(3); i > 0; i--) {
      fields =
          fields.with(
              "X-" + i, List.of("", "a: b", "${X}", "na\u00efve", "7").get(random.nextInt(5)));
    }
    String login = some() ? "" : "u%40:p%3Aa%20b%2B@";
    return new Backend.Remote(
        HttpUrl.of(some() ? "https://x.example/mcp?a=$b" : "http://[::1]:81/").orElseThrow(),
        fields,
        some() ? Optional.of(folder.resolve("ca.pem")) : Optional.empty(),
        some()
            ? Optional.of(new TlsFiles(folder.resolve("c.pem"), folder.resolve("k.pem")))
            : Optional.empty(),
        switch (random.nextInt(4)) {
          case 0 -> new ProxyChoice.AsEnvironment();
          case 1 -> new ProxyChoice.Direct();
          case 2 -> proxy("http://" + login + "proxy.example:3128");
          default -> proxy("socks5://" + login + "[fd00::7]");
        });
  }

  private static ProxyChoice proxy(String url) {
    return new ProxyChoice.Through(OutboundProxy.of(url, DirectHosts.of("")).orElseThrow());
  }

  private boolean some() {
    return random.nextBoolean();
  }

  private <T> T one(T[] all) {
    return all[random.nextInt(all.length)];
  }
}
