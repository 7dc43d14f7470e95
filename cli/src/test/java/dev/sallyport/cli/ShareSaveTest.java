package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.config.AdminConfig;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Listening;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.SandboxSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code share --save} writes is what {@code share} with the same flags does. */
final class ShareSaveTest {
  private static final String SECRET = "s3cret-w0rd";

  /** Each flag that a file has a key for; @ is the folder of the test. */
  private static final List<String> LINES =
      List.of(
          "-- npx -y pkg",
          "--listen :8443 --tls-cert @/c.pem --tls-key @/k.pem --keys -- npx",
          "--listen [::1]:0 --no-auth --max-body 2048 --sse -- npx",
          "--listen 10.0.0.5:80 --behind-proxy 10.0.0.7/32 --behind-proxy 10.0.0.8/32"
              + " --public-url https://mcp.example/mcp -- npx",
          "--issuer https://login.example.com/ --issuer http://127.0.0.1:81/r --audience api://mcp"
              + " --audience b --access-tokens typ=Bearer -- npx",
          "--name my-notes --era legacy --timeout 90 -- ./run --flag=${HOME} $$ $1",
          "--env TOKEN --env PLAIN=$${x} --env EMPTY= --cwd @ -- npx",
          "--isolation shared --children 3 --children-per-caller 2 --idle 90s --warm-spare -- npx",
          "--sandbox strict --allow-read @/c.pem --allow-write @ --allow-net -- npx",
          "--sandbox none --limit memory=1g --limit cpus=1.50 -- npx",
          "--limit processes=9 --limit files=99 -- npx",
          "--ca @/c.pem --client-cert @/c.pem --client-key @/k.pem https://notes.example/mcp?a=$b",
          "--proxy none --isolation session http://127.0.0.1:81",
          "--proxy http://u%20x:pa55@proxy.example:3128 https://notes.example/mcp",
          "--header X-Key:${TOKEN}-$$-${TOKEN} --header X-Plain:a$b https://notes.example/mcp");

  @TempDir Path folder;
  private final Map<String, String> environment = new TreeMap<>(Map.of("TOKEN", SECRET));
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @BeforeEach
  void lay() throws IOException {
    Files.writeString(folder.resolve("c.pem"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(folder.resolve("k.pem"), "-----BEGIN PRIVATE KEY-----\n");
    environment.put("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
  }

  static List<String> lines() {
    return LINES;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void what_is_saved_is_what_is_shared(String line) throws CliFault {
    List<String> words = words(line);
    assertThat(save(words)).as(said()).isZero();
    ShareCommand share = new ShareCommand(surroundings());
    Share.Settings shared = share.settings(ArgumentParser.parse(share, words));
    Config config = config();

    ServerConfig server = config.servers().getFirst();
    assertThat(server.name()).isEqualTo(shared.name());
    assertThat(server.options().era()).isEqualTo(shared.upstream().era());
    assertThat(server.options().patience()).isEqualTo(shared.upstream().patience());
    assertThat(server.options().sharing()).isEqualTo(shared.upstream().sharing());
    assertSame(ConfiguredServer.offered(server, surroundings()), shared.offered());
    assertThat(config.listening().callers() == Listening.Callers.KEYS)
        .isEqualTo(shared.callers().checked());
    assertThat(config.issuers()).isEqualTo(shared.issuers());
    assertSame(config, shared.serve());
  }

  private void assertSame(Config config, ServeFlags.Values flags) throws CliFault {
    Doors served = Doors.of(config.listening());
    Doors shared = Doors.of(flags, config.listening().callers() == Listening.Callers.KEYS);
    assertThat(served.listen()).isEqualTo(shared.listen());
    assertThat(served.sites()).isEqualTo(shared.sites());
    assertThat(served.thisMachineOnly()).isEqualTo(shared.thisMachineOnly());
    assertThat(config.listening().tls()).isEqualTo(flags.tls());
    assertThat(config.listening().proxies()).isEqualTo(flags.proxies());
    assertThat(config.listening().publicUrl().map(url -> url + config.routes().getFirst().path()))
        .isEqualTo(flags.publicUrl().map(Object::toString));
    assertThat(config.limits().maxBody()).isEqualTo(flags.maxBody());
    assertThat(config.limits().drain()).isEqualTo(Share.DRAIN);
    assertThat(config.routes()).hasSize(1);
    assertThat(config.routes().getFirst().path()).isEqualTo(Share.PATH);
    assertThat(config.routes().getFirst().sse()).isEqualTo(flags.sse());
    assertThat(config.admin()).isEqualTo(new AdminConfig.Off());
  }

  private void assertSame(Offered served, Offered shared) {
    switch (shared) {
      case Offered.Remote remote -> assertThat(plain(served)).isEqualTo(plain(remote));
      case Offered.Command(ChildCommand command, SandboxSettings sandbox) -> {
        Offered.Command other = (Offered.Command) served;
        assertThat(other.command().command()).isEqualTo(command.command());
        assertThat(other.sandbox()).isEqualTo(sandbox);
        assertThat(other.command().directory())
            .contains(command.directory().orElse(Path.of("").toAbsolutePath()));
        Map<String, String> given = new TreeMap<>(command.environment());
        command.inherited().forEach(name -> given.put(name, environment.getOrDefault(name, "")));
        assertThat(other.command().environment()).isEqualTo(given);
      }
    }
  }

  /** Hosts that a proxy is not for are told apart by object. */
  private static List<Object> plain(Offered offered) {
    Offered.Remote remote = (Offered.Remote) offered;
    return List.of(
        remote.url(),
        remote.fields(),
        remote.reach().authorities(),
        remote.reach().identity(),
        remote.reach().proxy().map(via -> List.of(via.kind(), via.where(), via.login())));
  }

  @Test
  void every_flag_has_been_saved_or_is_refused() {
    TreeSet<String> seen = new TreeSet<>();
    String all = String.join(" ", LINES);
    List<String> known = new ArrayList<>();
    new ShareCommand(surroundings())
        .flags()
        .forEach(group -> group.flags().forEach(flag -> known.add(flag.written())));
    known.stream().filter(flag -> !(all + " ").contains(flag + " ")).forEach(seen::add);
    assertThat(seen)
        .containsExactly("--force", "--json", "--save", "--stdio", "--user", "--verbose");
  }

  @Test
  void another_user_is_saved_where_we_may_become_one() throws CliFault {
    int code = save(words("--user root -- npx"));
    if (Account.weAreRoot()) {
      assertThat(code).as(said()).isZero();
      assertThat(yaml()).contains("user: root");
    } else {
      assertThat(code).isEqualTo(CliFault.PERMISSION);
      assertThat(folder.resolve("out.yaml")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--stdio", "--json", "--verbose"})
  void what_a_file_has_no_key_for_is_refused(String flag) {
    assertThat(save(words(flag + " -- npx"))).isEqualTo(CliFault.USAGE);
    assertThat(said()).startsWith("✗ " + flag + " ");
    assertThat(folder.resolve("out.yaml")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "--public-url https://mcp.example/team/mcp -- npx ^ 2 ^ has the path /mcp",
        "--public-url https://mcp.example -- npx ^ 2 ^ has the path /mcp",
        "--header A:1 --header a:2 https://notes.example/mcp ^ 2 ^ no header twice",
        "--timeout 100000 -- npx ^ 78 ^ servers.npx.timeout",
        "--idle 999h -- npx ^ 78 ^ servers.npx.idle",
        "--listen :80 -- npx ^ 78 ^ nothing would encrypt",
        "--no-auth --listen :80 -- npx ^ 78 ^ reachable",
        "--tls-cert @/c.pem --tls-key @/c.pem --listen :80 -- npx ^ 78 ^ private key",
      })
  void what_cannot_be_served_from_a_file_is_not_saved(String line, int code, String why) {
    assertThat(save(words(line))).isEqualTo(code);
    assertThat(said()).contains(why);
    assertThat(folder.resolve("out.yaml")).doesNotExist();
  }

  @Test
  void no_key_and_no_secret_of_the_environment_is_written_and_what_comes_next_is_said()
      throws IOException {
    assertThat(save(words("--env TOKEN -- npx"))).isZero();
    assertThat(yaml())
        .isEqualTo(
            """
            # share has none; without this line health and numbers are at 127.0.0.1:9090
            admin: "off"
            servers:
              npx:
                command: npx
                env:
                  TOKEN: "${TOKEN}"
                cwd: %s
            """
                .formatted(Path.of("").toAbsolutePath()));
    assertThat(said())
        .contains("✓ saved", "sallyport keys add NAME", "sallyport serve --config")
        .doesNotContain(SECRET);
    assertThat(answers.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(folder.resolve("data").resolve("keys.db")).doesNotExist();
  }

  @Test
  void a_file_that_is_there_is_left_alone_unless_forced() throws IOException {
    Path file = Files.writeString(folder.resolve("out.yaml"), "mine");
    assertThat(save(words("-- npx"))).isEqualTo(CliFault.FAILURE);
    assertThat(said()).contains("is there already", "--force");
    assertThat(file).hasContent("mine");
    assertThat(save(words("--force -- npx"))).isZero();
    assertThat(yaml()).contains("command: npx");
    try (var files = Files.list(folder)) {
      assertThat(files.filter(each -> each.getFileName().toString().startsWith(".out"))).isEmpty();
    }
    assertThat(run("share", "--force", "npx")).isEqualTo(CliFault.USAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- npx",
        "-- npx --api-key s3cret",
        "--env A=b -- npx",
        "https://notes.example/mcp?key=s3cret",
      })
  void what_is_saved_is_for_its_owner_alone_whatever_was_there(String line) throws IOException {
    assertThat(save(words(line))).isZero();
    assertThat(permissions()).isEqualTo("rw-------");
    Files.setPosixFilePermissions(
        folder.resolve("out.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(save(words("--force " + line))).isZero();
    assertThat(permissions()).isEqualTo("rw-------");
  }

  @Test
  void what_is_left_alone_keeps_who_may_read_it() throws IOException {
    Path file = Files.writeString(folder.resolve("out.yaml"), "mine");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(save(words("-- npx"))).isEqualTo(CliFault.FAILURE);
    assertThat(permissions()).isEqualTo("rw-r--r--");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--env TOKEN --env LATER -- npx",
        "--env OTEL_EXPORTER_OTLP_ENDPOINT --env LATER -- npx",
        "--header X-Key:${LATER} https://notes.example/mcp",
      })
  void a_variable_need_not_be_set_to_be_saved(String line) {
    assertThat(save(words(line))).as(said()).isZero();
    assertThat(yaml()).contains("${LATER}");
    assertThat(said())
        .contains("! LATER is not set here; it has to be where this is served")
        .doesNotContain("! TOKEN");
    assertThat(ConfigReader.read(folder.resolve("out.yaml"), environment()))
        .isInstanceOf(Reading.Faulty.class);
    environment.put("LATER", SECRET);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
    assertThat(ConfigReader.read(folder.resolve("out.yaml"), environment()))
        .isInstanceOf(Reading.Sound.class);
  }

  @Test
  void a_variable_has_to_be_set_to_be_shared_and_to_have_a_name_to_be_saved() {
    assertThat(run("share", "--env", "LATER", "--", "npx")).isEqualTo(CliFault.USAGE);
    assertThat(said()).contains("there is no such variable here");
    assertThat(save(words("--env not-one -- npx"))).isEqualTo(CliFault.USAGE);
    assertThat(folder.resolve("out.yaml")).doesNotExist();
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("out.yaml")));
  }

  private List<String> words(String line) {
    return List.of(
        line.replace("@", folder.toString())
            .replace("u%20x:pa55" + folder, "u%20x:pa55@")
            .split(" ", -1));
  }

  private int save(List<String> words) {
    List<String> all =
        new ArrayList<>(List.of("share", "--save", folder.resolve("out.yaml").toString()));
    all.addAll(words);
    return run(all.toArray(String[]::new));
  }

  private int run(String... words) {
    remarks.reset();
    return Sallyport.run(surroundings(), words);
  }

  private Config config() {
    Reading reading = ConfigReader.read(folder.resolve("out.yaml"), environment());
    assertThat(reading).isInstanceOf(Reading.Sound.class);
    return ((Reading.Sound) reading).config();
  }

  private Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  private String yaml() {
    try {
      return Files.readString(folder.resolve("out.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String said() {
    return remarks.toString(StandardCharsets.UTF_8);
  }

  private Sallyport.Surroundings surroundings() {
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    return new Sallyport.Surroundings(
        environment(), folder.toString(), System.getProperty("user.name"), screen);
  }
}
