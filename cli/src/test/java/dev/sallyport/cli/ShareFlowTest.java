package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process, with real servers behind it: what an operator is told. */
final class ShareFlowTest {
  /** A server whose one tool talks to nobody and ends it. */
  private static final String FRAGILE =
      """
      echo begun >>"$(dirname "$0")/begun"
      echo 'a word of mine' >&2
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"fragile","version":"1"}}}' ;;
          *'"tools/list"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[{"name":"fall","inputSchema":{"type":"object"}}]}}' ;;
          *'"tools/call"'*) echo chatter; echo 'ENOENT ./notes' >&2; exit 3 ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"error":{"code":-32601,"message":"no"}}' ;;
        esac
      done
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @Test
  void a_crash_is_one_line_with_code_last_words_and_cost_and_so_is_the_next_start()
      throws Exception {
    List<String> said;
    try (Program program = share("--json")) {
      JsonObject ready = program.ready();
      assertThat(call(ready, "fall")).isEqualTo(CliFault.FAILURE);
      assertThat(program.remark("exited"))
          .startsWith("! fragile process ")
          .contains("(code 3)", "\"ENOENT ./notes\"", "failed with it: 1");
      assertThat(call(ready)).isZero();
      program.remark("  fragile process ");
      said = program.stop();
      assertThat(said.getLast()).isEqualTo("stopping…");
    }
    assertThat(said).anyMatch(line -> line.contains("wrote a line that is no message"));
    assertThat(said)
        .filteredOn(line -> line.matches(" {2}fragile process [0-9]+ started"))
        .hasSize(1);
    // What the server writes can hold what callers sent; and an end that we wanted is no news.
    assertThat(said).noneMatch(line -> line.contains("a word of mine") || line.contains(" ended"));
  }

  @Test
  void a_server_that_does_not_come_up_again_is_told_with_its_last_words() throws Exception {
    try (Program program = share(startsOnce(), "--json", "--era", "legacy")) {
      JsonObject ready = program.ready();
      assertThat(call(ready, "fall")).isEqualTo(CliFault.FAILURE);
      assertThat(call(ready)).isNotZero();
      assertThat(program.remark("database is locked"))
          .startsWith("! fragile did not come up: ")
          .contains("(code 5)");
      program.stop();
    }
  }

  @Test
  void status_tells_the_truth_before_while_and_after() throws Exception {
    assertThat(run("status")).isEqualTo(CliFault.FAILURE);
    assertThat(remarks.toString(StandardCharsets.UTF_8)).contains("nothing is shared now");
    try (Program program = share(startsOnce(), "--json")) {
      JsonObject ready = program.ready();
      JsonObject well = status(0);
      assertThat(well.string("state")).contains("ready");
      assertThat(well.array("children").orElseThrow()).hasSize(1);

      assertThat(call(ready, "fall")).isEqualTo(CliFault.FAILURE);
      program.remark("exited"); // It is counted before it is told.
      assertThat(call(ready)).isNotZero();

      JsonObject unwell = status(CliFault.UNAVAILABLE);
      assertThat(unwell.string("why").orElseThrow()).contains("code 5");
      assertThat(unwell.array("stderr").orElseThrow().getFirst().asString())
          .contains("database is locked");
      assertThat(unwell.object("events").orElseThrow().get("crashed").map(Json::text))
          .contains("1");
      program.stop();
    }
    assertThat(run("status")).isEqualTo(CliFault.FAILURE);
  }

  @Test
  void one_that_is_starting_says_so_and_one_that_fails_tells_more_than_its_last_word()
      throws Exception {
    Path gate = server().resolve("gate");
    Path server =
        Program.script(
                server().resolve("slow"),
                """
                read -r go <"$(dirname "$0")/gate"
                echo '404 no such package' >&2
                echo 'see the log' >&2
                exit 4
                """)
            .toAbsolutePath();
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    try (Program program = share(server, "--json", "--era", "legacy")) {
      awaitStarting();
      assertThat(run("status")).isEqualTo(CliFault.UNAVAILABLE);
      assertThat(answers.toString(StandardCharsets.UTF_8)).contains("slow  starting");

      Files.writeString(gate, "go\n");
      assertThat(program.ended(CliFault.UNAVAILABLE))
          .containsSubsequence(
              "✗ the server ended before it answered (code 4); its last words: see the log",
              "  | 404 no such package");
    }
  }

  @Test
  void a_stop_before_the_server_is_up_says_so_and_is_no_success() throws Exception {
    Path server =
        Program.script(server().resolve("mute"), "exec cat >/dev/null\n").toAbsolutePath();
    try (Program program = share(server, "--json")) {
      awaitStarting();

      assertThat(program.stop(CliFault.FAILURE))
          .contains("✗ stopped before mute had come up")
          .noneMatch(line -> line.contains("ERROR"));
    }
    assertThat(run("status")).isEqualTo(CliFault.FAILURE);
  }

  /** Until it says so itself. */
  private void awaitStarting() throws JsonException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (run("status") == CliFault.FAILURE && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(status(CliFault.UNAVAILABLE).string("state")).contains("starting");
  }

  private JsonObject status(int code) throws JsonException {
    answers.reset();
    assertThat(run("status", "--json")).isEqualTo(code);
    return Json.parse(answers.toString(StandardCharsets.UTF_8).strip())
        .asObject()
        .flatMap(program -> program.array("servers"))
        .flatMap(servers -> servers.getFirst().asObject())
        .orElseThrow();
  }

  @Test
  void a_servers_own_words_are_told_with_its_name_when_asked_for() throws Exception {
    try (Program program = share("--json", "--verbose")) {
      program.ready();
      assertThat(program.remark("a word of mine"))
          .matches(" {2}fragile\\[[0-9]+\\] a word of mine");
      assertThat(program.stop())
          .anyMatch(line -> line.matches(" {2}fragile\\[[0-9]+\\] process [0-9]+ ended.*"));
    }
  }

  @Test
  void the_older_transport_is_served_when_asked_for_and_then_said_so() throws Exception {
    try (Program program = share("--json", "--sse")) {
      JsonObject ready = program.ready();
      String sse = ready.string("sse").orElseThrow();
      assertThat(sse).isEqualTo(ready.string("url").orElseThrow().replace("/mcp", "/sse"));
      assertThat(beginning(sse, ready))
          .matches("200 event: endpoint data: /messages\\?sessionId=[A-Za-z0-9_-]{43}");
      assertThat(program.stop())
          .contains("✓ also       " + sse + "   HTTP+SSE, for clients of 2024-11-05");
    }
    try (Program program = share("--json")) {
      JsonObject ready = program.ready();
      assertThat(ready.has("sse")).isFalse();
      String sse = ready.string("url").orElseThrow().replace("/mcp", "/sse");
      assertThat(beginning(sse, ready)).isEqualTo("404");
      assertThat(program.stop()).noneMatch(line -> line.contains("HTTP+SSE"));
    }
  }

  /** The status of an answer, and its first two lines if it is one. */
  private static String beginning(String url, JsonObject ready) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + ready.string("key").orElseThrow());
    connection.setRequestProperty("Accept", "text/event-stream");
    if (connection.getResponseCode() != 200) {
      return String.valueOf(connection.getResponseCode());
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return "200 " + lines.readLine() + " " + lines.readLine();
    } finally {
      connection.disconnect();
    }
  }

  @Test
  void a_stop_that_takes_long_says_what_it_waits_for() throws Exception {
    // It goes on for a while when its input has ended.
    Path server =
        Program.script(server().resolve("fragile"), FRAGILE + "sleep 30\n").toAbsolutePath();
    try (Program program =
        Program.start(
            folder, "share", "--json", "--listen", "127.0.0.1:0", "--", server.toString())) {
      program.ready();
      assertThat(program.stop())
          .endsWith("stopping…", "  waiting for the server's processes to end");
    }
  }

  @Test
  void a_port_that_is_taken_is_found_before_the_server_is_started() throws Exception {
    Path server = fragile();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      int code =
          run(
              "share",
              "--cwd",
              folder.toString(),
              "--allow-write",
              server().toString(),
              "--listen",
              "127.0.0.1:" + port,
              "--",
              server.toString());
      assertThat(code).isEqualTo(CliFault.FAILURE);
      assertThat(remarks.toString(StandardCharsets.UTF_8))
          .contains("cannot listen on 127.0.0.1:" + port + ": the port is already in use");
    }
    assertThat(server().resolve("begun")).doesNotExist();
    try (Program program = share("--json")) {
      program.ready();
      assertThat(server().resolve("begun")).exists();
      program.stop();
    }
  }

  @Test
  void the_key_of_a_demo_ends_with_it_and_that_of_a_share_does_not() throws Exception {
    Program.script(folder.resolve("examples/order-assistant/run"), FRAGILE);
    try (Program program = Program.start(folder, "demo", "--json", "--listen", "127.0.0.1:0")) {
      JsonObject ready = program.ready();
      assertThat(call(ready)).isZero();
      assertThat(program.stop()).anyMatch(line -> line.endsWith("ends when this does"));
    }
    assertThat(run("keys", "list")).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8)).doesNotContain("order-assistant");

    try (Program program = share("--json")) {
      program.ready();
      program.stop();
    }
    assertThat(run("keys", "list")).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8)).contains("fragile-");
  }

  /** Not what the program under test takes for its installation. */
  private Path server() {
    return folder.resolve("server");
  }

  private Path fragile() throws IOException {
    return Program.script(server().resolve("fragile"), FRAGILE).toAbsolutePath();
  }

  /** The same, but it comes up only once. */
  private Path startsOnce() throws IOException {
    return Program.script(
            server().resolve("fragile"),
            "[ -e \"$(dirname \"$0\")/begun\" ] && { echo 'database is locked' >&2; exit 5; }\n"
                + FRAGILE)
        .toAbsolutePath();
  }

  private Program share(String... flags) throws IOException {
    return share(fragile(), flags);
  }

  private Program share(Path server, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("share"));
    arguments.addAll(List.of(flags));
    arguments.addAll(List.of("--listen", "127.0.0.1:0", "--allow-write", server().toString()));
    arguments.addAll(List.of("--", server.toString()));
    return Program.start(folder, arguments.toArray(String[]::new));
  }

  private int call(JsonObject ready, String... tool) {
    List<String> arguments = new ArrayList<>(List.of("try"));
    arguments.addAll(List.of("--key", ready.string("key").orElseThrow()));
    arguments.add(ready.string("url").orElseThrow());
    arguments.addAll(List.of(tool));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    Map<String, String> environment =
        Map.of("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
    return Sallyport.run(
        new Sallyport.Surroundings(
            environment, folder.toString(), System.getProperty("user.name"), screen),
        arguments);
  }
}
