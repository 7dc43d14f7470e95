package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serve} writes on stderr, and what it does when it cannot. */
final class ServeLogFlowTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private ServeFolder serving;

  @BeforeEach
  void lay() {
    serving = new ServeFolder(folder);
  }

  @Test
  void where_no_terminal_is_every_line_is_an_object_from_the_first_to_the_last() throws Exception {
    serving.write("callers: anyone", serving.servers("one") + "  gone: {command: /no/program}\n");
    try (Program program = serving.serve()) {
      program.ready();
      serving.write("callers: anyone", "  two: {comand: x}\n");
      program.remark("goes on as it was");
      List<JsonObject> lines = parsed(program.stop());
      assertThat(lines)
          .allSatisfy(
              line ->
                  assertThat(line.names())
                      .contains(
                          "@timestamp",
                          "log.level",
                          "message",
                          "ecs.version",
                          "service.name",
                          "log.logger",
                          "process.thread.name"));
      assertThat(lines.stream().map(ServeLogFlowTest::shown))
          .anyMatch(
              line ->
                  line.matches(
                      "info started one: one 1 · stdio, pid [0-9]+, speaks 2025-11-25 · 1 tools ·"
                          + " 0 resources · 0 prompts"))
          .anyMatch(line -> line.startsWith("error gone: command not found: /no/program; "))
          .anyMatch(
              line -> line.matches("info serving http://127.0.0.1:[0-9]+/mcp · one, gone · .*"))
          .contains("info ready 1 of 2 servers; not up: gone")
          .anyMatch(line -> line.startsWith("warn callers NOT CHECKED"))
          .anyMatch(line -> line.startsWith("error ") && line.contains("did you mean command?"))
          .noneMatch(line -> line.contains("Ctrl-C"))
          .last()
          .isEqualTo("info stopping…");
    }
  }

  @Test
  void a_file_that_cannot_be_used_is_told_of_in_objects_too_and_in_text_when_that_is_wanted()
      throws Exception {
    serving.write("callers: anyone", "  one: {comand: x}\n");
    try (Program program = serving.serve()) {
      assertThat(parsed(program.ended(CliFault.CONFIG)).stream().map(ServeLogFlowTest::shown))
          .hasSize(3)
          .allMatch(line -> line.startsWith("error "))
          .anyMatch(line -> line.contains("did you mean command?"));
    }
    try (Program program = serving.serve("--log-format", "text")) {
      assertThat(program.ended(CliFault.CONFIG)).noneMatch(line -> line.startsWith("{"));
    }
    try (Program program = serving.serve("--log-format", "yaml")) {
      assertThat(program.ended(CliFault.USAGE)).anyMatch(line -> line.contains("--log-format"));
    }
  }

  @Test
  void a_reload_changes_format_and_levels_at_once() throws Exception {
    serving.write("callers: anyone\nlog: {format: text}", serving.servers("one"));
    try (Program program = serving.serve()) {
      JsonObject ready = program.ready();
      assertThat(program.remark("serving")).startsWith("✓ serving");
      serving.write("callers: anyone\nlog: {format: json}", serving.servers("one"));
      assertThat(shown(object(program.remark("reloaded")))).startsWith("info reloaded ");
      String quiet = "log: {format: json, level: warn, levels: {dev.sallyport.cli: debug}}";
      serving.write("callers: anyone\n" + quiet, serving.servers("one"));
      program.remark("reloaded"); // by a logger that its own level lets speak
      serving.write("callers: anyone\nlog: {format: json, level: warn}", serving.servers("one"));
      serving.write("callers: anyone\nlog: {format: json, level: warn}", serving.servers("two"));
      awaitTool(ready, "two");
      serving.write("callers: anyone\nlog: {format: text}", serving.servers("two"));
      assertThat(program.remark("reloaded")).startsWith("✓ reloaded");
      assertThat(program.stop()).noneMatch(line -> line.contains("started two"));
    }
  }

  @Test
  void a_configuration_that_is_gone_is_told_once_and_once_when_it_is_back() throws Exception {
    serving.write("callers: anyone", serving.servers("one"));
    try (Program program = serving.serve()) {
      JsonObject ready = program.ready();
      Path aside = folder.resolve("aside.yaml");
      Files.move(serving.file(), aside);
      assertThat(shown(object(program.remark("is gone"))))
          .isEqualTo("warn " + serving.file() + " is gone; what is served goes on as it was");
      assertThat(call(ready, "one")).contains("one here");
      Files.move(aside, serving.file());
      assertThat(shown(object(program.remark("is back"))))
          .isEqualTo("info " + serving.file() + " is back");
      serving.write("callers: anyone", serving.servers("two"));
      program.remark("reloaded");
      assertThat(program.stop())
          .satisfiesOnlyOnce(line -> assertThat(line).contains("is gone"))
          .satisfiesOnlyOnce(line -> assertThat(line).contains("is back"));
    }
  }

  @Test
  void a_level_that_is_not_one_changes_nothing_and_says_which_was_meant() throws Exception {
    serving.write("callers: anyone", serving.servers("one"));
    try (Program program = serving.serve("--log-format", "text")) {
      JsonObject ready = program.ready();
      serving.write("callers: anyone\nlog: {level: dbug}", serving.servers("one", "two"));
      assertThat(program.remark("dbug")).contains("did you mean debug?");
      program.remark("goes on as it was");
      assertThat(call(ready, "one")).contains("one here");
      program.stop();
    }
  }

  @Test
  void the_variable_is_stronger_than_the_file_about_the_level() throws Exception {
    serving.write("callers: anyone\nlog: {level: trace}", serving.servers("one"));
    ProcessBuilder builder = Program.builder(folder, serving.arguments());
    builder.environment().put("SALLYPORT_LOG", "error");
    try (Program program = new Program(builder.start())) {
      program.ready();
      assertThat(program.stop()).isEmpty();
    }
    try (Program program = serving.serve()) {
      program.ready();
      assertThat(program.stop()).isNotEmpty();
    }
  }

  @Test
  void a_pipe_that_nobody_reads_holds_up_no_call_and_no_end() throws Exception {
    serving.write("callers: anyone\nlog: {level: trace}", serving.servers("one"));
    // Its reader is this process, which reads nothing.
    Process process = Program.builder(folder, serving.arguments("--verbose")).start();
    try {
      String first = process.inputReader(StandardCharsets.UTF_8).readLine();
      JsonObject ready = object(first);
      // A hundred lines each time, until there are more than a pipe holds.
      serving.write("callers: anyone\nlog: {level: trace}", wrong());
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (process.getErrorStream().available() < 60_000 && System.nanoTime() < until) {
        hangUp(process.pid());
        assertThat(call(ready, "one")).contains("one here");
      }
      assertThat(process.getErrorStream().available()).as("a full pipe").isGreaterThan(60_000);
      assertThat(call(ready, "one")).contains("one here");
      assertStops(process);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void assertStops(Process process) throws InterruptedException {
    assertThat(process.toHandle().destroy()).isTrue();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void a_log_that_cannot_be_written_costs_the_log_alone() throws Exception {
    serving.write("callers: anyone\nlog: {level: trace}", serving.servers("one"));
    File full = new File("/dev/full");
    ProcessBuilder builder = Program.builder(folder, serving.arguments("--verbose"));
    builder.redirectError(full.exists() ? full : folder.resolve("log").toFile());
    Process process = builder.start();
    try {
      JsonObject ready = object(process.inputReader(StandardCharsets.UTF_8).readLine());
      assertThat(call(ready, "one")).contains("one here");
      assertStops(process);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void a_log_in_a_file_has_all_of_it() throws Exception {
    serving.write("callers: anyone", serving.servers("one"));
    Path log = folder.resolve("log");
    ProcessBuilder builder = Program.builder(folder, serving.arguments());
    builder.redirectError(log.toFile());
    Process process = builder.start();
    try {
      object(process.inputReader(StandardCharsets.UTF_8).readLine());
      assertThat(process.toHandle().destroy()).isTrue();
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(parsed(Files.readAllLines(log)).getLast().string("message")).contains("stopping…");
  }

  private static String wrong() {
    StringBuilder servers = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      servers.append("  s" + i + ": {command: x, " + "wrong".repeat(8) + ": 1}\n");
    }
    return servers.toString();
  }

  private static void hangUp(long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(pid)).start().waitFor()).isZero();
  }

  /** Until it is offered. */
  private static void awaitTool(JsonObject ready, String tool) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String answer = "";
    while (!answer.contains(tool + " here") && System.nanoTime() < until) {
      answer = call(ready, tool);
    }
    assertThat(answer).contains(tool + " here");
  }

  private static String call(JsonObject ready, String tool)
      throws IOException, InterruptedException {
    String meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ready.string("url").orElseThrow()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", tool)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
                        + tool
                        + "\",\"arguments\":{},"
                        + meta
                        + "}}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static List<JsonObject> parsed(List<String> lines) throws JsonException {
    List<JsonObject> parsed = new ArrayList<>();
    for (String line : lines) {
      parsed.add(object(line));
    }
    return parsed;
  }

  private static JsonObject object(String line) throws JsonException {
    return Json.parse(line).asObject().orElseThrow();
  }

  private static String shown(JsonObject line) {
    return line.string("log.level").orElseThrow() + " " + line.string("message").orElseThrow();
  }
}
