package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandsTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @Test
  void a_key_is_shown_once_on_stdout_and_never_listed() {
    assertThat(run("keys", "add", "alice")).isZero();
    String key = answers.toString(StandardCharsets.UTF_8).strip();
    assertThat(key).startsWith("sp_");
    assertThat(remarks.toString(StandardCharsets.UTF_8)).doesNotContain(key);
    answers.reset();
    assertThat(run("keys", "list")).isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8)).contains("alice").doesNotContain(key);
  }

  @Test
  void a_key_as_json_is_one_line_with_all_there_is() throws JsonException {
    assertThat(run("keys", "add", "alice", "--json", "--expires", "never")).isZero();
    String line = answers.toString(StandardCharsets.UTF_8);
    assertThat(line.lines()).hasSize(1);
    JsonObject members = Json.parse(line).asObject().orElseThrow();
    assertThat(members.names()).contains("name", "id", "key", "expires");
    assertThat(members.get("expires")).contains(Json.NULL);
  }

  @Test
  void revoking_says_whether_there_was_something_to_revoke() {
    assertThat(run("keys", "add", "alice")).isZero();
    assertThat(run("keys", "revoke", "alice")).isZero();
    assertThat(run("keys", "revoke", "alice")).isEqualTo(CliFault.FAILURE);
    assertThat(remarks.toString(StandardCharsets.UTF_8)).contains("no key named alice");
  }

  @Test
  void a_person_is_shut_out_and_let_in_again() throws JsonException {
    String issuer = "https://login.example.com/realms/team";
    assertThat(run("revoke", "--list")).isZero();
    assertThat(remarks.toString(StandardCharsets.UTF_8)).contains("nobody is revoked");
    assertThat(run("revoke", "1001", "--issuer", issuer)).isZero();
    assertThat(run("revoke", "--list", "--json")).isZero();
    JsonObject listed =
        Json.parse(answers.toString(StandardCharsets.UTF_8)).asObject().orElseThrow();
    assertThat(listed.string("subject")).contains("1001");
    assertThat(listed.string("issuer")).contains(issuer);
    assertThat(run("revoke", "1001", "--issuer", issuer + "/", "--undo"))
        .isEqualTo(CliFault.FAILURE);
    assertThat(run("revoke", "1001", "--issuer", issuer, "--undo")).isZero();
    assertThat(run("revoke", "1001", "--issuer", issuer, "--undo")).isEqualTo(CliFault.FAILURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shar",
        "revoke",
        "revoke 1001",
        "revoke --issuer https://login.example.com",
        "share --listen nonsense -- x",
        "share",
        "try",
        "try ftp://x/mcp",
        "keys add",
        "client-config emacs"
      })
  void wrong_usage_is_exit_code_2_and_points_to_help_or_says_what_to_write(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(CliFault.USAGE);
    assertThat(remarks.toString(StandardCharsets.UTF_8)).isNotBlank().doesNotContain("Exception");
    assertThat(answers.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "npx -y @modelcontextprotocol/server-filesystem ./notes, server-filesystem",
    "npx -y @scope/server-notes@1.2 dir, server-notes",
    "uvx mcp-server-git, mcp-server-git",
    "/opt/x/weather.py, weather",
    "/opt/notes/dist/index.js, notes",
    "examples/order-assistant/run --stdio, order-assistant",
    "C:\\tools\\notes.exe, notes",
    "node --flag, node",
    "./-x_@2, x_",
    "_@1, server",
    "a.tar.gz, a-tar",
    "v1.2, v1-2",
    "@scope, scope",
    "näme, n-me",
    "server, server",
    "///, server",
  })
  void a_server_is_called_by_the_most_telling_word_of_its_command(String command, String name) {
    assertThat(ServerName.of(List.of(command.split(" ", -1)))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"90m, PT90M", "12h, PT12H", "30d, PT720H"})
  void validity_is_read(String text, Duration expected) throws CliFault {
    assertThat(KeysAddCommand.validity(text)).contains(expected);
  }

  @Test
  void never_is_no_end() throws CliFault {
    assertThat(KeysAddCommand.validity("never")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0d", "-1d", "1", "1w", "1s", "1.5h", "01h", "+1h", "999999d", "d", "1d "})
  void what_is_no_validity_is_refused(String text) {
    assertThatThrownBy(() -> KeysAddCommand.validity(text))
        .isInstanceOf(CliFault.class)
        .hasMessageContaining("--expires");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1, 8080",
    ":0, 0.0.0.0, 0",
    "[::1]:443, 0:0:0:0:0:0:0:1, 443",
    "localhost:1, 127.0.0.1, 1"
  })
  void an_address_is_read(String text, String address, int port) throws CliFault {
    ListenAddress listen = ListenAddress.parse(text);
    assertThat(listen.address().getHostAddress()).isEqualTo(address);
    assertThat(listen.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8080",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        "127.0.0.1:65536",
        "127.0.0.1:-1"
      })
  void what_is_no_address_is_refused(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(CliFault.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void arguments_are_read_by_the_schema() throws Exception {
    JsonObject schema =
        Json.parse(
                "{\"properties\":{\"s\":{\"type\":\"string\"},\"n\":{\"type\":\"number\"},\"l\":{\"type\":\"array\"}}}")
            .asObject()
            .orElseThrow();
    JsonObject read =
        ToolArguments.read(List.of("s=12", "n=12", "l=[1]", "free=x", "alsoFree=12", "e="), schema);
    assertThat(read.toJson().text())
        .isEqualTo("{\"s\":\"12\",\"n\":12,\"l\":[1],\"free\":\"x\",\"alsoFree\":12,\"e\":\"\"}");
    assertThatThrownBy(() -> ToolArguments.read(List.of("n=many"), schema))
        .isInstanceOf(CliFault.class)
        .hasMessageContaining("number");
    assertThatThrownBy(() -> ToolArguments.read(List.of("=x"), schema))
        .isInstanceOf(CliFault.class)
        .hasMessageContaining("NAME=VALUE");
  }

  @Test
  void text_of_others_does_not_drive_the_terminal() {
    screen().say("a\u001b[31mb\nc\u0007d\u009be");
    assertThat(remarks.toString(StandardCharsets.UTF_8)).isEqualTo("a?[31mb?c?d?e\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claude-code",
        "claude-desktop",
        "cursor",
        "vscode",
        "windsurf",
        "gemini",
        "codex",
        "inspector"
      })
  void a_client_snippet_carries_url_and_key(String client) {
    assertThat(
            run(
                "client-config",
                client,
                "--url",
                "https://mcp.example/mcp",
                "--key",
                "sp_x",
                "--name",
                "notes"))
        .isZero();
    assertThat(answers.toString(StandardCharsets.UTF_8))
        .contains("https://mcp.example/mcp", "Bearer sp_x", "notes");
  }

  private int run(String... arguments) {
    Map<String, String> environment =
        Map.of("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
    return Sallyport.run(
        new Sallyport.Surroundings(
            environment, folder.toString(), System.getProperty("user.name"), screen()),
        arguments);
  }

  private Screen screen() {
    return new Screen(stream(answers), stream(remarks), false);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
