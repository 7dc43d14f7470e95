package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config check}, {@code config print} and {@code config schema} say. */
final class ConfigCommandTest {
  private static final String SECRET = "s3cret-w0rd";

  @TempDir Path folder;
  private final Map<String, String> environment = new TreeMap<>(Map.of("TOKEN", SECRET));
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @Test
  void a_sound_file_is_told_in_one_line_a_server_and_route() throws IOException {
    String file =
        write(
            """
            servers:
              notes: {command: /bin/sh, args: ["${TOKEN}"], description: ours}
              tickets: {url: "https://tickets.example/mcp?key=x", headers: {X-Key: "${TOKEN}"}}
              off: {command: npx, enabled: false}
            routes: [{path: /mcp}, {path: /one, name: one, servers: [tickets], sse: true}]
            """);
    assertThat(run("config", "check", file)).isZero();
    assertThat(answers())
        .containsExactly(
            "server  notes                    /bin/sh · prefix notes · one child per caller (max"
                + " 20, idle 30 min) · sandbox auto",
            "server  tickets                  https://tickets.example · prefix tickets · one"
                + " session there per caller (max 1000, idle 30 min)",
            "server  off                      switched off",
            "route   /mcp                     named sallyport: notes, tickets",
            "route   /one                     named one, with HTTP+SSE: tickets");
    assertThat(remarks())
        .containsExactly(
            "! " + file + ":2:49: servers.notes.description is for people; it is ignored");
  }

  @Test
  void a_command_that_is_not_found_is_told_with_its_place_and_is_no_fault() throws Exception {
    Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    String file =
        write(
            """
            servers:
              gone: {command: no-such-program}
              here: {command: ./run}
              there: {command: %s/bin/own}
              plain: {command: ./plain}
              path: {command: own, env: {PATH: "%s/bin"}}
              bare: {command: own}
              off: {command: no-such-program, enabled: false}
              elsewhere: {command: ./own, cwd: bin}
            """
                .formatted(folder, folder));
    Program.script(folder.resolve("run"), "");
    Program.script(folder.resolve("bin").resolve("own"), "");
    assertThat(run("config", "check", file)).isZero();
    assertThat(remarks())
        .containsExactly(
            "! " + file + ":2:3: gone: command not found: no-such-program",
            "! " + file + ":5:3: plain: not executable: ./plain",
            "! " + file + ":7:3: bare: command not found: own");
    assertThat(run("config", "check", "--json", file)).isZero();
    JsonObject first = lines().getFirst();
    assertThat(first.string("kind")).contains("remark");
    assertThat(first.integer("line")).hasValue(2);
    assertThat(first.string("text")).contains("gone: command not found: no-such-program");
    environment.put("PATH", folder.resolve("bin").toString());
    assertThat(run("config", "check", file)).isZero();
    assertThat(remarks()).hasSize(2).noneMatch(line -> line.contains("bare"));
  }

  @Test
  void every_fault_is_a_line_on_stderr_and_the_exit_code_is_78() throws IOException {
    String file =
        write(
            """
            lisen: x
            servers: {notes: {command: npx, timeout: 60}}
            """);
    assertThat(run("config", "check", file)).isEqualTo(CliFault.CONFIG);
    assertThat(answers()).isEmpty();
    assertThat(remarks())
        .containsExactly(
            file + ":1:1: lisen is not a key here; did you mean listen?",
            file
                + ":2:42: servers.notes.timeout: 60 is not a time from 1s to 24h with its unit, ms"
                + " s m or h; for example 60s",
            "✗ " + file + " has 2 faults");
  }

  @Test
  void as_json_a_sound_file_is_one_line_a_server_and_route() throws Exception {
    String file =
        write(
            """
            mcpServers:
              my notes: {command: /bin/sh, version: "1"}
              elsewhere: {url: "https://e.example/mcp"}
              off: {command: npx, disabled: true}
            """);
    assertThat(run("config", "check", "--json", file)).isZero();
    assertThat(remarks()).isEmpty();
    List<JsonObject> lines = lines();
    assertThat(lines.stream().map(line -> line.string("kind").orElseThrow()))
        .containsExactly("remark", "server", "server", "server", "route");
    assertThat(lines.get(1).string("command")).contains("/bin/sh");
    assertThat(lines.get(1).string("prefix")).contains("my-notes");
    assertThat(lines.get(2).string("origin")).contains("https://e.example");
    assertThat(lines.get(3).get("enabled")).contains(Json.FALSE);
    assertThat(lines.get(4).array("servers").orElseThrow())
        .containsExactly(Json.of("my notes"), Json.of("elsewhere"));
  }

  @Test
  void as_json_every_fault_is_a_line_with_its_place() throws Exception {
    environment.put("SALLYPORT_LISTEN", "nonsense");
    String file = write("servers: {notes: {comand: npx}}");
    assertThat(run("config", "check", "--json", file)).isEqualTo(CliFault.CONFIG);
    List<JsonObject> lines = lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst().integer("line")).hasValue(1);
    assertThat(lines.getFirst().integer("column")).hasValue(11);
    assertThat(lines.getLast().string("variable")).contains("SALLYPORT_LISTEN");
    assertThat(lines.getLast().string("text").orElseThrow()).startsWith("listen: nonsense is not");
    assertThat(remarks()).containsExactly("✗ " + file + " has 3 faults");
  }

  @Test
  void a_file_that_is_not_there_is_told_with_what_to_do() {
    String file = folder.resolve("nowhere.yaml").toString();
    assertThat(run("config", "check", file)).isEqualTo(CliFault.CONFIG);
    assertThat(remarks())
        .containsExactly(
            file + ": this file does not exist",
            "✗ there is no configuration to read",
            "  name one:  sallyport config check FILE");
  }

  @Test
  void what_is_printed_has_every_default_and_no_secret() throws IOException {
    environment.put("SALLYPORT_LISTEN", ":8443");
    String file =
        write(
            """
            servers:
              notes: {command: npx, args: [-y, "${TOKEN}"], env: {LOG: debug, KEY: "${TOKEN}"}}
            """);
    assertThat(run("config", "print", file)).isZero();
    assertThat(answers())
        .containsSubsequence(
            "listen: \":8443\"",
            "limits:",
            "  burst: 2000",
            "servers:",
            "  notes:",
            "    command: npx",
            "    args: [-y, \"***\"]",
            "    env:",
            "      LOG: \"***\"",
            "      KEY: \"***\"",
            "    timeout: 60s",
            "routes:",
            "  - path: /mcp");
    assertThat(String.join("\n", answers())).doesNotContain(SECRET, "debug");
  }

  @Test
  void what_may_be_a_secret_is_masked_where_it_is_printed_and_the_rest_is_not() throws IOException {
    String file =
        write(
            """
            servers:
              notes: {command: npx, args: [-y, pkg, --api-key, s3cret-w0rd, --port, 80, --token=s3cret-w0rd,
                "postgres://u:s3cret-w0rd@db/x", "$$5"]}
              tickets: {url: "https://tickets.example/mcp?key=s3cret-w0rd"}
              plain: {url: "https://plain.example/mcp"}
            """);
    assertThat(run("config", "print", file)).isZero();
    assertThat(answers())
        .contains(
            "    args: [-y, pkg, --api-key, \"***\", --port, \"80\", \"--token=***\","
                + " \"postgres://***@db/x\", \"$$5\"]",
            "    url: \"https://tickets.example/mcp?***\"",
            "    url: https://plain.example/mcp");
    assertThat(String.join("\n", answers())).doesNotContain(SECRET);
  }

  @Test
  void a_fault_does_not_repeat_what_may_be_a_secret() throws IOException {
    String file = write("servers: {notes: {url: \"ftp://x.example/?key=s3cret-w0rd\"}}");
    assertThat(run("config", "check", file)).isEqualTo(CliFault.CONFIG);
    assertThat(remarks().getFirst()).contains("its value is not").doesNotContain(SECRET);
    write("servers: {notes: {url: \"ftp://x.example/\"}}");
    assertThat(run("config", "check", file)).isEqualTo(CliFault.CONFIG);
    assertThat(remarks().getFirst()).contains("ftp://x.example/");
  }

  @Test
  void what_is_wrong_is_not_printed() throws IOException {
    String file = write("servers: {notes: {command: npx, env: {KEY: '${NOWHERE}'}}}");
    assertThat(run("config", "print", file)).isEqualTo(CliFault.CONFIG);
    assertThat(answers()).isEmpty();
    assertThat(remarks())
        .containsExactly(
            file
                + ":1:44: servers.notes.env.KEY: there is no variable NOWHERE here; set it, or"
                + " write ${NOWHERE:-default}",
            "✗ " + file + " has a fault");
  }

  @Test
  void the_schema_is_json() throws JsonException {
    assertThat(run("config", "schema")).isZero();
    JsonObject schema = Json.parse(String.join("\n", answers())).asObject().orElseThrow();
    assertThat(schema.string("$schema")).contains("https://json-schema.org/draft/2020-12/schema");
    assertThat(run("config", "schema", "more")).isEqualTo(CliFault.USAGE);
  }

  private String write(String text) throws IOException {
    return Files.writeString(folder.resolve("team.yaml"), text).toString();
  }

  private int run(String... arguments) {
    answers.reset();
    remarks.reset();
    Screen screen = new Screen(stream(answers), stream(remarks), false);
    return Sallyport.run(
        new Sallyport.Surroundings(
            environment, folder.toString(), System.getProperty("user.name"), screen),
        arguments);
  }

  private List<String> answers() {
    return answers.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> remarks() {
    return remarks.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<JsonObject> lines() throws JsonException {
    List<JsonObject> lines = new ArrayList<>();
    for (String line : answers()) {
      lines.add(Json.parse(line).asObject().orElseThrow());
    }
    return lines;
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
