package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.Cidr;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.RouteScopes;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundProxy;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.Sharing;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of values: the records, and where they come from. */
final class ConfigReaderTest {
  @TempDir Path folder;

  @BeforeEach
  void lay() throws IOException {
    Ground.lay(folder);
  }

  @Test
  void the_least_file_has_every_default() {
    Config config = sound("servers: {notes: {command: npx}}");
    assertThat(config.listening())
        .isEqualTo(
            new Listening(
                new HostPort("127.0.0.1", 8080),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Listening.Callers.KEYS));
    assertThat(config.admin()).isEqualTo(new AdminConfig.At(new HostPort("127.0.0.1", 9090)));
    assertThat(config.limits())
        .isEqualTo(
            new ServingLimits(
                4 << 20, Limits.Bounds.DEFAULT, Duration.ofSeconds(10), Duration.ZERO));
    assertThat(config.log())
        .isEqualTo(new LogConfig(LogConfig.Level.INFO, LogConfig.Format.AUTO, Map.of()));
    assertThat(config.routes())
        .containsExactly(
            new RouteConfig(
                "/mcp",
                "sallyport",
                List.of("notes"),
                RouteConfig.Prefixes.WHEN_SEVERAL,
                false,
                RouteScopes.NONE));
    ServerConfig notes = config.servers().getFirst();
    assertThat(notes.prefix()).isEqualTo("notes");
    assertThat(notes.definition()).isEqualTo(new Place.InText(1, 11));
    assertThat(notes.tools()).isEqualTo(ToolRules.ALL);
    assertThat(notes.options().sharing()).isEqualTo(Sharing.DEFAULT);
    Backend.Command command = (Backend.Command) notes.backend();
    assertThat(command.command().directory()).contains(folder);
    assertThat(command.sandbox())
        .isEqualTo(
            new SandboxWishes(
                SandboxChoice.AUTO,
                ResourceLimits.DEFAULT,
                List.of(),
                List.of(),
                false,
                Optional.empty()));
  }

  @Test
  void listening_is_as_the_file_says() {
    Config config =
        sound(
            """
            listen: "[::1]:8443"
            tls: {cert: c.pem, key: ./k.pem}
            behind-proxy: [10.0.0.7/32]
            public-url: https://mcp.team.example/
            callers: anyone
            admin: off
            limits: {max-body: 2048, requests-per-second: 5, burst: 6, drain: 1500ms, drain-delay: 250ms}
            servers: {notes: {command: npx}}
            """);
    assertThat(config.listening())
        .isEqualTo(
            new Listening(
                new HostPort("::1", 8443),
                Optional.of(new TlsFiles(folder.resolve("c.pem"), folder.resolve("k.pem"))),
                List.of(Cidr.parse("10.0.0.7/32").orElseThrow()),
                Optional.of(URI.create("https://mcp.team.example")),
                Listening.Callers.ANYONE));
    assertThat(config.admin()).isEqualTo(new AdminConfig.Off());
    assertThat(config.limits())
        .isEqualTo(
            new ServingLimits(
                2048,
                new Limits.Bounds(5, 6, 10_000),
                Duration.ofMillis(1500),
                Duration.ofMillis(250)));
  }

  @Test
  void the_log_is_as_the_file_says_and_the_environment_changes_it() {
    String text =
        """
        log: {level: warn, format: text, levels: {dev.sallyport.upstream: debug}}
        servers: {notes: {command: npx}}
        """;
    assertThat(sound(text).log())
        .isEqualTo(
            new LogConfig(
                LogConfig.Level.WARN,
                LogConfig.Format.TEXT,
                Map.of("dev.sallyport.upstream", LogConfig.Level.DEBUG)));
    Map<String, String> environment =
        Map.of(
            "SALLYPORT_LOG", "trace",
            "SALLYPORT_LOG__FORMAT", "json",
            "SALLYPORT_LOG__LEVELS__DEV_SALLYPORT_UPSTREAM", "error");
    assertThat(
            ((Reading.Sound) ConfigReader.read(text, folder, Ground.environment(environment)))
                .config()
                .log())
        .isEqualTo(
            new LogConfig(
                LogConfig.Level.WARN,
                LogConfig.Format.JSON,
                Map.of("dev.sallyport.upstream", LogConfig.Level.ERROR)));
  }

  @Test
  void a_command_is_as_the_file_says() {
    ServerConfig notes =
        server(
            """
            servers:
              notes:
                command: ./run
                args: [1.50, true, "${file:token.txt}", "$$x"]
                env: {PORT: 0x10, TOKEN: "${NOTES_TOKEN}"}
                cwd: notes
                era: modern
                timeout: 11m
                isolation: session
                children: 3
                children-per-caller: 2
                idle: 90s
                warm-spare: true
                pass-baggage: true
                sandbox: strict
                allow-read: [data]
                allow-write: [notes]
                allow-net: true
                limits: {memory: 512m, cpus: 1.5}
                tools: {allow: [read_*], rename: {read_file: read}}
            """);
    assertThat(notes.passBaggage()).isTrue();
    assertThat(notes.options().era()).isEqualTo(EraChoice.MODERN);
    assertThat(notes.options().patience().call()).isEqualTo(Duration.ofMinutes(11));
    assertThat(notes.options().patience().longestCall()).isEqualTo(Duration.ofMinutes(11));
    assertThat(notes.options().sharing())
        .isEqualTo(
            Sharing.DEFAULT
                .withIsolation(Isolation.SESSION)
                .withChildren(3, 2)
                .withIdle(Duration.ofSeconds(90))
                .withWarmSpare(true));
    Backend.Command backend = (Backend.Command) notes.backend();
    assertThat(backend.command().command())
        .containsExactly("./run", "1.50", "true", Ground.SECRET, "$x");
    assertThat(backend.command().environment())
        .isEqualTo(Map.of("PORT", "0x10", "TOKEN", Ground.SECRET));
    assertThat(backend.command().directory()).contains(folder.resolve("notes"));
    ResourceLimits limits =
        ResourceLimits.DEFAULT.with("memory=512m").orElseThrow().with("cpus=1.5").orElseThrow();
    assertThat(backend.sandbox())
        .isEqualTo(
            new SandboxWishes(
                SandboxChoice.STRICT,
                limits,
                List.of(folder.resolve("data")),
                List.of(folder.resolve("notes")),
                true,
                Optional.empty()));
    assertThat(notes.tools())
        .isEqualTo(new ToolRules(List.of("read_*"), List.of(), Map.of("read_file", "read")));
  }

  @Test
  void two_dollars_are_one_and_begin_nothing() {
    String file = "servers: {a: {command: x, args: ['$${HOME}', '$$$${A}', a$, $, $1, $$]}}";
    Backend.Command backend = (Backend.Command) server(file).backend();
    assertThat(backend.command().command())
        .containsExactly("x", "${HOME}", "$${A}", "a$", "$", "$1", "$");
  }

  @Test
  void a_url_is_as_the_file_says() {
    ServerConfig tickets =
        server(
            """
            servers:
              tickets:
                url: https://tickets.example/mcp
                headers: {Authorization: "Bearer ${NOTES_TOKEN}", X-Team: 7}
                ca: ca.pem
                client-cert: c.pem
                client-key: k.pem
                proxy: socks5://proxy.example
            """);
    assertThat(tickets.options().sharing()).isEqualTo(Sharing.ELSEWHERE);
    Backend.Remote backend = (Backend.Remote) tickets.backend();
    assertThat(backend.url()).isEqualTo(HttpUrl.of("https://tickets.example/mcp").orElseThrow());
    assertThat(backend.fields())
        .isEqualTo(
            HttpFields.empty()
                .with("Authorization", "Bearer " + Ground.SECRET)
                .with("X-Team", "7"));
    assertThat(backend.authorities()).contains(folder.resolve("ca.pem"));
    assertThat(backend.identity())
        .contains(new TlsFiles(folder.resolve("c.pem"), folder.resolve("k.pem")));
    assertThat(backend.proxy())
        .isInstanceOfSatisfying(
            ProxyChoice.Through.class,
            through -> assertThat(through.proxy().kind()).isEqualTo(OutboundProxy.Kind.SOCKS5));
  }

  @Test
  void a_url_goes_the_way_of_the_environment_unless_told_otherwise() {
    String file = "servers: {a: {url: 'http://a.example/mcp'%s}}";
    assertThat(((Backend.Remote) server(file.formatted("")).backend()).proxy())
        .isEqualTo(new ProxyChoice.AsEnvironment());
    assertThat(((Backend.Remote) server(file.formatted(", proxy: none")).backend()).proxy())
        .isEqualTo(new ProxyChoice.Direct());
  }

  @Test
  void a_proxy_of_the_file_leaves_out_what_NO_PROXY_names() {
    String file = "servers: {a: {url: 'http://a.example/mcp', proxy: 'http://p.example:3128'}}";
    Reading reading = ConfigReader.read(file, folder, Map.of("NO_PROXY", "a.example"));
    Backend.Remote backend = (Backend.Remote) config(reading).servers().getFirst().backend();
    assertThat(backend.proxy())
        .isInstanceOfSatisfying(
            ProxyChoice.Through.class,
            through -> assertThat(through.proxy().isFor(backend.url())).isFalse());
  }

  @Test
  void a_server_that_is_switched_off_is_in_no_route() {
    Config config =
        sound(
            """
            servers: {a: {command: x}, b: {command: x, enabled: false}, c: {command: x}}
            routes: [{path: /all}, {path: /some, servers: [c, b]}]
            """);
    assertThat(config.servers()).extracting(ServerConfig::name).containsExactly("a", "c");
    assertThat(config.disabled()).containsExactly("b");
    assertThat(config.routes())
        .extracting(RouteConfig::servers)
        .containsExactly(List.of("a", "c"), List.of("c"));
  }

  @Test
  void the_environment_wins_over_the_file() {
    Map<String, String> environment =
        Map.of(
            "SALLYPORT_LISTEN", ":9000",
            "SALLYPORT_SERVERS__NOTES__ARGS", "-y, two words,,${x}",
            "SALLYPORT_SERVERS__NOTES__ENV__TOKEN_FILE", "token.txt",
            "SALLYPORT_LIMITS__BURST", "7");
    Config config =
        config(
            ConfigReader.read(
                "{listen: ':1', servers: {notes: {command: npx, args: [a]}}}",
                folder,
                environment));
    assertThat(config.listening().address()).isEqualTo(new HostPort("", 9000));
    assertThat(config.limits().rate().burst()).isEqualTo(7);
    Backend.Command command = (Backend.Command) config.servers().getFirst().backend();
    assertThat(command.command().command()).containsExactly("npx", "-y", "two words", "${x}");
    assertThat(command.command().environment()).isEqualTo(Map.of("TOKEN", Ground.SECRET));
  }

  @Test
  void a_file_is_read_from_its_folder() throws IOException {
    Path file = folder.resolve("sallyport.yaml");
    Files.writeString(file, "\ufeffservers: {notes: {command: npx, cwd: notes}}");
    Config config = config(ConfigReader.read(file, Map.of()));
    Backend.Command command = (Backend.Command) config.servers().getFirst().backend();
    assertThat(command.command().directory()).contains(folder.resolve("notes"));
  }

  @Test
  void a_file_that_cannot_be_read_as_text_is_one_fault() throws IOException {
    Path file = folder.resolve("sallyport.yaml");
    assertThat(told(ConfigReader.read(file, Map.of())))
        .containsExactly("f.yaml: this file does not exist");
    assertThat(told(ConfigReader.read(folder, Map.of())))
        .containsExactly("f.yaml: this file is not a file");
    Files.write(file, "servers:\n  caf\u00e9: x".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(told(ConfigReader.read(file, Map.of())))
        .containsExactly("f.yaml:2:6: this is not UTF-8; save the file in that encoding");
    Files.writeString(file, " ".repeat(ConfigReader.MOST_BYTES + 1));
    assertThat(told(ConfigReader.read(file, Map.of())))
        .containsExactly("f.yaml: this file is larger than 1024 KiB");
  }

  @Test
  void a_file_of_the_largest_size_is_read() throws IOException {
    Path file = folder.resolve("sallyport.yaml");
    String config = "servers: {notes: {command: npx}}\n";
    Files.writeString(file, config + "#".repeat(ConfigReader.MOST_BYTES - config.length()));
    assertThat(config(ConfigReader.read(file, Map.of())).servers()).hasSize(1);
  }

  @Test
  void a_hundred_faults_are_told_and_that_there_are_more() {
    StringBuilder file = new StringBuilder("servers: {notes: {command: npx}}\n");
    for (int i = 0; i < 150; i++) {
      file.append("unknown-key-").append(i).append(": 1\n");
    }
    List<String> told = told(ConfigReader.read(file.toString(), folder, Map.of()));
    assertThat(told).hasSize(100);
    assertThat(told.getFirst()).startsWith("f.yaml:2:1: unknown-key-0 is not");
    assertThat(told.getLast()).startsWith("f.yaml:101:1: and more");
  }

  @Test
  void variables_that_kubernetes_sets_are_no_configuration() {
    Map<String, String> environment =
        Map.of(
            "SALLYPORT_SERVICE_HOST", "10.0.0.1",
            "SALLYPORT_SERVICE_PORT_HTTP", "8080",
            "SALLYPORT_PORT", "tcp://10.0.0.1:8080",
            "SALLYPORT_PORT_8080_TCP_PROTO", "tcp",
            "SALLYPORT_KEY", "sp_x");
    Reading reading = ConfigReader.read("servers: {notes: {command: npx}}", folder, environment);
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Sound.class, sound -> assertThat(sound.remarks()).isEmpty());
  }

  private ServerConfig server(String file) {
    return sound(file).servers().getFirst();
  }

  private Config sound(String file) {
    return config(ConfigReader.read(file, folder, Ground.environment()));
  }

  private static Config config(Reading reading) {
    return switch (reading) {
      case Reading.Sound sound -> sound.config();
      case Reading.Faulty faulty -> throw new AssertionError(told(faulty).toString());
    };
  }

  private static List<String> told(Reading reading) {
    return switch (reading) {
      case Reading.Sound sound -> throw new AssertionError("it is sound");
      case Reading.Faulty faulty ->
          faulty.faults().stream().map(fault -> fault.told("f.yaml")).toList();
    };
  }
}
