package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.ProtocolVersion.Era;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunOptionsTest {
  private static final Set<Era> BOTH = Set.of(Era.values());

  private static RunOptions options(String line) {
    return RunOptions.of(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @Test
  void nothing_said_is_stdio_in_both_eras() {
    assertThat(options("")).isEqualTo(new RunOptions.Stdio(BOTH));
    assertThat(options("--stdio")).isEqualTo(new RunOptions.Stdio(BOTH));
    assertThat(options("--http 127.0.0.1:1 --stdio")).isEqualTo(new RunOptions.Stdio(BOTH));
  }

  @ParameterizedTest
  @CsvSource({
    "--http 127.0.0.1:0, 127.0.0.1, 0",
    "--http localhost:8090, localhost, 8090",
    "--http [::1]:65535, ::1, 65535"
  })
  void an_address_is_a_host_and_a_port(String line, String host, int port) {
    assertThat(options(line)).isEqualTo(new RunOptions.Http(host, port, BOTH));
  }

  @Test
  void an_era_limits_what_is_spoken() {
    assertThat(options("--era legacy")).isEqualTo(new RunOptions.Stdio(Set.of(Era.LEGACY)));
    assertThat(options("--era modern")).isEqualTo(new RunOptions.Stdio(Set.of(Era.MODERN)));
    assertThat(options("--http 127.0.0.1:0 --era both"))
        .isEqualTo(new RunOptions.Http("127.0.0.1", 0, BOTH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--http",
        "--http 8090",
        "--http 127.0.0.1",
        "--http 127.0.0.1:x",
        "--http :80",
        "--http 127.0.0.1:65536",
        "--http ::1:80",
        "--era",
        "--era old",
        "--port 80",
        "stdio"
      })
  void whatever_is_unclear_is_said_in_one_line_with_code_2(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();

    assertThat(commandLine(out, messages).run(line.split(" "))).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(messages.toString(StandardCharsets.UTF_8)).startsWith("test: ").hasLineCount(1);
  }

  @Test
  void help_goes_to_standard_output() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThat(commandLine(out, new ByteArrayOutputStream()).run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("--http HOST:PORT", "sallyport share");
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0:0, 78", "no-such-host.invalid:0, 1"})
  void a_server_nobody_guards_is_not_shown_to_other_machines(String address, int code) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();

    assertThat(commandLine(new ByteArrayOutputStream(), messages).run("--http", address))
        .isEqualTo(code);
    assertThat(messages.toString(StandardCharsets.UTF_8)).hasLineCount(1);
  }

  private static CommandLine commandLine(
      ByteArrayOutputStream out, ByteArrayOutputStream messages) {
    return new CommandLine(
        McpServer.named("test", "1").build(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(messages, true, StandardCharsets.UTF_8));
  }
}
