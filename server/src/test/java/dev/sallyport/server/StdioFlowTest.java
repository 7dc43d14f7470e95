package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.server.schema.Literals;
import dev.sallyport.server.snippet.Chatty;
import dev.sallyport.server.snippet.Greeter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers as programs of their own, as a client starts them. */
final class StdioFlowTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
          + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
          + "\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}";
  private static final String MODERN_META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process start(Class<?> program, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    return process;
  }

  private static void send(Process process, String line) throws IOException {
    OutputStream out = process.getOutputStream();
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static int endOf(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void a_client_of_either_era_is_served_until_the_pipe_closes() throws Exception {
    Process greeter = start(Greeter.class);
    BufferedReader answers = greeter.inputReader(StandardCharsets.UTF_8);

    send(greeter, INITIALIZE);
    assertThat(answers.readLine()).contains("\"protocolVersion\":\"2025-11-25\"", "greeter");
    send(greeter, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    send(
        greeter,
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":"
            + "{\"name\":\"greet\",\"arguments\":{\"name\":\"Ann\"}}}");
    assertThat(answers.readLine())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":"
                + "{\"content\":[{\"type\":\"text\",\"text\":\"Hello, Ann!\"}]}}");
    send(
        greeter,
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"greet\","
            + "\"arguments\":{\"name\":\"Ann\",\"tone\":\"FORMAL\"},"
            + MODERN_META
            + "}}");
    assertThat(answers.readLine()).contains("Good day, Ann.", "\"resultType\":\"complete\"");

    greeter.getOutputStream().close();
    assertThat(endOf(greeter)).isZero();
    assertThat(answers.readLine()).isNull();
  }

  @Test
  void a_server_of_one_era_does_not_speak_the_other() throws Exception {
    Process greeter = start(Greeter.class, "--stdio", "--era", "modern");
    BufferedReader answers = greeter.inputReader(StandardCharsets.UTF_8);

    send(greeter, INITIALIZE);
    assertThat(Literals.object(answers.readLine()).has("error")).isTrue();
    send(
        greeter,
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server/discover\",\"params\":{"
            + MODERN_META
            + "}}");
    assertThat(answers.readLine()).contains("\"supportedVersions\":[\"2026-07-28\"]");
    greeter.getOutputStream().close();
    assertThat(endOf(greeter)).isZero();
  }

  @Test
  void what_the_authors_code_prints_does_not_get_between_the_messages() throws Exception {
    // SS-03
    Process chatty = start(Chatty.class);
    BufferedReader answers = chatty.inputReader(StandardCharsets.UTF_8);

    send(
        chatty,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"it\","
            + MODERN_META
            + "}}");

    assertThat(answers.readLine()).contains("done, input -1");
    chatty.getOutputStream().close();
    assertThat(endOf(chatty)).isZero();
    assertThat(answers.readLine()).isNull();
  }

  @Test
  void over_http_one_line_says_where_and_a_signal_ends_it_with_0() throws Exception {
    Process greeter = start(Greeter.class, "--http", "127.0.0.1:0");
    BufferedReader answers = greeter.inputReader(StandardCharsets.UTF_8);

    var ready = Literals.object(answers.readLine());
    assertThat(ready.string("url").orElseThrow()).matches("http://127\\.0\\.0\\.1:\\d+/mcp");
    assertThat(ready.integer("pid")).hasValue(greeter.pid());

    assertThat(greeter.toHandle().destroy())
        .isTrue(); // destroy() of the process would close its output, too
    assertThat(endOf(greeter)).isZero();
    assertThat(answers.readLine()).isNull();
  }

  @Test
  void an_unclear_command_line_ends_with_2() throws Exception {
    assertThat(endOf(start(Greeter.class, "--wat"))).isEqualTo(2);
    assertThat(endOf(start(Greeter.class, "--http", "0.0.0.0:0"))).isEqualTo(78);
  }
}
