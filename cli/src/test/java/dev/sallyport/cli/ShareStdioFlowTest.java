package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code share --stdio} as a process, with a real server behind it and the test as its client. */
final class ShareStdioFlowTest {
  /** Notes its process and what it is told; its tool never answers, but for one that echoes. */
  private static final String SERVER =
      """
      here=$(dirname "$0")
      echo $$ >"$here/pid"
      echo 'a word of mine' >&2
      while read -r line; do
        printf '%s\\n' "$line" >>"$here/told"
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"noting","version":"1"}}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"hang","inputSchema":{"type":"object"}}]}}' ;;
          *'"tools/call"'*) echo chatter; touch "$here/called" ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"no"}}' ;;
        esac
      done
      """;

  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},\
      "clientInfo":{"name":"t","version":"1"}}}\
      """;
  private static final String INITIALIZED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"hang\"}}";
  private static final String MODERN_LIST =
      """
      {"jsonrpc":"2.0","id":"m","method":"tools/list","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}\
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @Test
  void a_client_of_either_era_is_served_and_reads_nothing_but_messages() throws Exception {
    try (Program program = share(server(), "--verbose")) { // SS-02, SS-09
      program.write(INITIALIZE);
      assertThat(result(program.message()).object("serverInfo").flatMap(it -> it.string("name")))
          .contains("noting");
      program.write(INITIALIZED);
      program.write(LIST);
      assertThat(result(program.message()).array("tools").orElseThrow()).hasSize(1);
      program.write(MODERN_LIST);
      assertThat(result(program.message()).string("resultType")).contains("complete");
      program.remark("stop:");

      program.endInput();

      assertThat(program.rest()).isEmpty();
      List<String> said = program.ended(0);
      assertThat(said)
          .anyMatch(line -> line.startsWith("✓ started    noting 1"))
          .anyMatch(line -> line.startsWith("✓ serving    whoever started this"))
          .anyMatch(line -> line.contains("sandbox"))
          .anyMatch(line -> line.contains("a word of mine"))
          .noneMatch(line -> line.contains("key") || line.contains("http"));
    }
    assertThat(folder.resolve("data/sallyport.db")).doesNotExist();
  }

  @Test
  void when_the_client_leaves_its_calls_are_cancelled_and_the_server_ends() throws Exception {
    try (Program program = share(server())) { // SS-05, CO-04
      program.write(INITIALIZE);
      program.message();
      program.write(INITIALIZED);
      program.write(CALL);
      await("called");

      program.endInput();

      assertThat(program.rest()).hasSize(1).allMatch(line -> line.contains("given up"));
      program.ended(0);
    }
    assertThat(Files.readString(file("told"))).contains("notifications/cancelled");
    assertServerIsGone();
  }

  @Test
  void a_stop_ends_it_as_well_and_whoever_waits_is_answered() throws Exception {
    try (Program program = share(server())) {
      program.write(INITIALIZE);
      program.message();
      program.remark("stop:");

      assertThat(program.stop()).noneMatch(line -> line.contains("ERROR"));
    }
    assertServerIsGone();
  }

  @Test
  void a_client_that_leaves_while_the_server_comes_up_is_no_failure() throws Exception {
    try (Program program = share(mute())) {
      program.write(INITIALIZE);
      await("pid");

      program.endInput();

      assertThat(program.rest()).hasSize(1).allMatch(line -> line.contains("\"error\""));
      assertThat(program.ended(0)).noneMatch(line -> line.startsWith("✗"));
    }
    assertServerIsGone();
  }

  @Test
  void a_stop_while_the_server_comes_up_says_so_and_is_no_success() throws Exception {
    try (Program program = share(mute())) {
      await("pid");

      assertThat(program.stop(CliFault.FAILURE)).contains("✗ stopped before mute had come up");
    }
    assertServerIsGone();
  }

  @Test
  void of_a_server_that_does_not_come_up_the_client_and_the_operator_are_told() throws Exception {
    Path dies = script("dies", "echo 'cannot open the database' >&2\nexit 3\n");
    try (Program program = share(dies)) {
      program.write(INITIALIZE);

      JsonObject answer = program.message();

      assertThat(answer.get("id").map(Json::text)).contains("1");
      assertThat(answer.object("error").flatMap(error -> error.get("code")).map(Json::text))
          .contains("-32603");
      assertThat(program.ended(CliFault.UNAVAILABLE))
          .anyMatch(line -> line.startsWith("✗") && line.contains("cannot open the database"));
      assertThat(program.rest()).isEmpty();
    }
  }

  @Test
  void of_a_url_that_nobody_answers_at_both_are_told_as_well() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    try (Program program = Program.start(folder, "share", "--stdio", url + "/mcp")) {
      program.write(INITIALIZE);

      assertThat(program.message().has("error")).isTrue();
      assertThat(program.ended(CliFault.UNAVAILABLE))
          .anyMatch(line -> line.startsWith("✗ cannot reach " + url));
      assertThat(program.rest()).isEmpty();
    }
  }

  @Test
  void a_message_longer_than_allowed_is_refused_and_the_next_one_is_served() throws Exception {
    try (Program program = share(server(), "--max-body", "1024")) {
      program.write(INITIALIZE.replace("\"t\"", "\"" + "t".repeat(1_024) + "\""));
      assertThat(program.message().object("error").flatMap(error -> error.string("message")))
          .contains("The message is too long");
      program.write(INITIALIZE);
      assertThat(result(program.message()).string("protocolVersion")).contains("2025-11-25");
      program.endInput();
      program.ended(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--listen 127.0.0.1:0",
        "--tls-cert c.pem",
        "--tls-key k.pem",
        "--behind-proxy 10.0.0.7/32",
        "--public-url https://x.example/mcp",
        "--sse",
        "--keys",
        "--no-auth",
        "--issuer https://login.example",
        "--json"
      })
  void what_only_a_listener_has_a_use_for_is_refused(String flag) {
    List<String> words = new ArrayList<>(List.of("share", "--stdio"));
    words.addAll(List.of(flag.split(" ", -1)));
    words.addAll(List.of("--", "cat"));

    assertThat(run(words)).isEqualTo(CliFault.USAGE);

    assertThat(remarks.toString(StandardCharsets.UTF_8).lines().toList())
        .startsWith(
            "✗ "
                + flag.split(" ", -1)[0]
                + " and --stdio contradict each other: with --stdio nothing listens, and the"
                + " caller is whoever started this",
            "  see:  sallyport share --help");
    assertThat(answers.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--name notes",
        "--era modern",
        "--timeout 5",
        "--max-body 2048",
        "--isolation shared",
        "--sandbox none",
        "--verbose"
      })
  void what_is_about_the_server_goes_with_it(String flag) throws CliFault {
    List<String> words = new ArrayList<>(List.of("--stdio"));
    words.addAll(List.of(flag.split(" ", -1)));
    words.addAll(List.of("--", "cat"));
    ShareCommand share = new ShareCommand(surroundings());

    assertThat(share.settings(ArgumentParser.parse(share, words)).offered())
        .isInstanceOfSatisfying(
            Offered.Command.class,
            offered -> assertThat(offered.command().command()).containsExactly("cat"));
  }

  private static JsonObject result(JsonObject message) {
    Optional<JsonObject> result = message.object("result");
    assertThat(result).as("in %s", message.toJson().text()).isPresent();
    return result.get();
  }

  /** Of the server's folder, which is no part of what is under test. */
  private Path file(String name) {
    return folder.resolve("server").resolve(name);
  }

  private Path server() throws IOException {
    return script("noting", SERVER);
  }

  /** One that reads, and says nothing. */
  private Path mute() throws IOException {
    return script("mute", "echo $$ >\"$(dirname \"$0\")/pid\"\nwhile read -r line; do :; done\n");
  }

  private Path script(String name, String text) throws IOException {
    return Program.script(file(name), text).toAbsolutePath();
  }

  /** Without a sandbox, so that the server's process is one of this machine's. */
  private Program share(Path server, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("share", "--stdio", "--era", "legacy"));
    arguments.addAll(List.of("--sandbox", "none"));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("--", server.toString()));
    return Program.start(folder, arguments.toArray(String[]::new));
  }

  /** Until the server has made that file. */
  private void await(String name) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file(name)) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(file(name)).exists();
  }

  private void assertServerIsGone() throws IOException {
    long pid = Long.parseLong(Files.readString(file("pid")).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private int run(List<String> words) {
    return Sallyport.run(surroundings(), words.toArray(String[]::new));
  }

  private Sallyport.Surroundings surroundings() {
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    return new Sallyport.Surroundings(
        Map.of("SALLYPORT_DATA_DIR", folder.resolve("data").toString()),
        folder.toString(),
        System.getProperty("user.name"),
        screen);
  }
}
