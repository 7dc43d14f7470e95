package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code import} prints, writes and says. */
final class ImportCommandTest {
  private static final String DESKTOP =
      """
      {"mcpServers": {"notes": {"command": "npx", "args": ["-y", "pkg"], "icon": "x.png"}}}
      """;

  @TempDir Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

  @Test
  void the_configuration_is_on_stdout_and_what_was_left_out_on_stderr() throws IOException {
    String file = write("claude_desktop_config.json", DESKTOP);
    assertThat(run("import", file)).isZero();
    assertThat(answers())
        .containsExactly(
            "# Made by sallyport import of " + file + " (claude-desktop)",
            "servers:",
            "  # " + file + ":1:17",
            "  notes:",
            "    command: npx",
            "    args: [-y, pkg]");
    assertThat(remarks())
        .containsExactly("! " + file + ":1:68: mcpServers.notes.icon is for people; it is ignored");
  }

  @Test
  void what_is_saved_can_be_checked_and_says_what_it_still_needs() throws IOException {
    String file =
        write(
            ".vscode/mcp.json",
            """
            {"inputs": [{"id": "id"}], "servers": {"notes": {"url": "https://x.example", "headers": {"A": "${input:id}"}}}}
            """);
    String out = folder.resolve("out.yaml").toString();
    assertThat(run("import", "--save", out, file)).isZero();
    assertThat(answers()).isEmpty();
    assertThat(remarks())
        .anyMatch(line -> line.contains("set the variable ID"))
        .anyMatch(line -> line.startsWith("✓ saved") && line.contains("0600"))
        .anyMatch(line -> line.contains("out.yaml:7:10") && line.contains("no variable ID here"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(out))))
        .isEqualTo("rw-------");
    assertThat(run("config", "check", out)).isEqualTo(CliFault.CONFIG);
    environment.put("ID", "x");
    assertThat(run("config", "check", out)).isZero();
  }

  @Test
  void what_holds_no_value_is_saved_for_its_owner_alone_too() throws IOException {
    Path out = folder.resolve("out.yaml");
    String file = write("one.json", DESKTOP);
    assertThat(run("import", "--save", out.toString(), file)).isZero();
    Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("import", "--save", out.toString(), "--force", file)).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
  }

  @Test
  void of_a_file_that_is_no_clients_the_place_is_told_and_nothing_else() throws IOException {
    String file = write(".env", "A=\"b\"\nKEY=s3cret\n");
    assertThat(run("import", file)).isEqualTo(CliFault.CONFIG);
    assertThat(remarks().getFirst())
        .startsWith(file + ":2:5: this is no file of a client that we know")
        .doesNotContain("s3cret");
  }

  @Test
  void what_is_there_already_is_left_alone() throws IOException {
    String file = write("one.json", DESKTOP);
    String out = write("out.yaml", "mine");
    assertThat(run("import", "--save", out, file)).isEqualTo(CliFault.FAILURE);
    assertThat(remarks()).contains("✗ " + out + " is there already", "  --force  writes over it");
    assertThat(Path.of(out)).hasContent("mine");
    assertThat(run("import", "--save", out, "--force", file)).isZero();
    assertThat(Files.readString(Path.of(out))).contains("notes:");
  }

  @Test
  void what_cannot_be_imported_is_a_line_each_and_exit_78() throws IOException {
    String file = write("one.json", "{\"mcpServers\": {\"a\": 7}}");
    assertThat(run("import", file, folder.resolve("gone.json").toString()))
        .isEqualTo(CliFault.CONFIG);
    assertThat(answers()).isEmpty();
    assertThat(remarks())
        .containsExactly(
            file + ":1:22: mcpServers.a is not a server: it has keys such as command",
            folder.resolve("gone.json") + ": this file does not exist",
            "✗ nothing was imported");
  }

  @Test
  void remarks_and_faults_are_lines_of_json_when_they_are_wanted() throws Exception {
    String file = write("one.json", DESKTOP);
    String out = folder.resolve("out.yaml").toString();
    assertThat(run("import", "--json", "--save", out, file)).isZero();
    JsonObject remark = Json.parse(answers().getFirst()).asObject().orElseThrow();
    assertThat(remark.string("kind")).contains("remark");
    assertThat(remark.string("file")).contains(file);
    assertThat(remark.integer("column")).hasValue(68);
    assertThat(run("import", "--json", "--save", out, "--force", write("two.json", "{")))
        .isEqualTo(CliFault.CONFIG);
    assertThat(answers().getFirst()).startsWith("{\"kind\":\"fault\"");
    assertThat(run("import", "--json", file)).isEqualTo(CliFault.USAGE);
  }

  @Test
  void a_client_that_there_is_not_is_told_with_those_that_there_are() throws IOException {
    String file = write("one.json", DESKTOP);
    assertThat(run("import", "--from", "emacs", file)).isEqualTo(CliFault.USAGE);
    assertThat(remarks()).anyMatch(line -> line.contains("claude-code"));
    assertThat(run("import", "--from", "cursor", file)).isZero();
    assertThat(answers().getFirst()).endsWith("(cursor)");
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    return Files.writeString(file, text).toString();
  }

  private int run(String... words) {
    answers.reset();
    remarks.reset();
    Screen screen =
        new Screen(
            new PrintStream(answers, true, StandardCharsets.UTF_8),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false);
    return Sallyport.run(
        new Sallyport.Surroundings(Map.copyOf(environment), folder.toString(), "a", screen), words);
  }

  private List<String> answers() {
    return answers.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> remarks() {
    return remarks.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
