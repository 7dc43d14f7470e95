package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a server at a URL is reached with, and others in their place. */
final class ServerFilesTest {
  @TempDir private static Path shared;
  private static Pem first;
  private static Pem second;

  @TempDir Path folder;
  private final HttpEngine engine = HttpEngine.begin();
  private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();
  private Path authorities = Path.of("");

  @BeforeAll
  static void make() throws Exception {
    first = Pem.make(shared, "first");
    second = Pem.make(shared, "second");
  }

  @BeforeEach
  void lay() throws IOException {
    authorities = folder.resolve("ca.pem");
    Pem.place(authorities, first.chain());
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private ServerFiles files() {
    return ServerFiles.of(
        "far",
        new Screen(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(remarks, true, StandardCharsets.UTF_8),
            false),
        engine,
        new Offered.Remote(
            HttpUrl.of("https://far.example/mcp").orElseThrow(),
            HttpFields.empty(),
            new Reach(Optional.of(authorities), Optional.empty(), Optional.empty())));
  }

  private String said() {
    return remarks.toString(StandardCharsets.UTF_8);
  }

  @Test
  void that_they_are_others_can_be_asked_again_and_again() throws Exception {
    ServerFiles files = files();
    assertThat(files.areOthers()).isFalse();
    Pem.place(authorities, second.chain());
    assertThat(files.areOthers()).isTrue();
    assertThat(files.areOthers()).as("nothing came of it the first time").isTrue();
    files.goOn();
    assertThat(files.areOthers()).as("it was not opened with them").isTrue();
    assertThat(said()).isEmpty();
    assertThat(files().areOthers()).as("of one that was opened since").isFalse();
  }

  @Test
  void those_that_cannot_be_used_are_told_of_once_and_only_when_the_server_goes_on()
      throws Exception {
    ServerFiles files = files();
    Pem.place(authorities, "garbage");
    assertThat(files.areOthers()).isFalse();
    assertThat(files.haveChanged()).isTrue();
    assertThat(said()).isEmpty();
    files.goOn();
    files.goOn();
    assertThat(said().lines())
        .singleElement()
        .asString()
        .startsWith("! far: ")
        .endsWith("; it goes on with what it read");
    assertThat(files.haveChanged()).isFalse();
    Pem.place(authorities, second.chain());
    assertThat(files.areOthers()).isTrue();
  }

  @Test
  void those_that_are_gone_are_waited_for() throws Exception {
    ServerFiles files = files();
    Files.delete(authorities);
    files.goOn();
    assertThat(files.haveChanged()).isFalse();
    assertThat(files.areOthers()).isFalse();
    assertThat(said()).isEmpty();
    Pem.place(authorities, second.chain());
    assertThat(files.areOthers()).isTrue();
  }

  @Test
  void a_renewal_is_not_lost_when_another_server_of_the_same_change_cannot_be_begun()
      throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    String far = "  far: {url: \"https://127.0.0.1:1/mcp\", ca: ca.pem, proxy: none}\n";
    serving.write("callers: anyone", far);
    try (Running running =
        Running.begin(
            serving,
            engine,
            Duration.ofMinutes(10),
            Map.of("HTTPS_PROXY", "no proxy of any kind"))) {
      ConfiguredServer before = running.server("far");
      Pem.place(authorities, second.chain());
      serving.write("callers: anyone", far + "  other: {url: \"https://127.0.0.1:2/mcp\"}\n");
      assertThat(running.readAgain()).contains("what is served goes on as it was");
      assertThat(running.server("far")).isSameAs(before);
      FileWatch.Watched watched = running.reload().ofServers();
      assertThat(watched.seen()).as("worth a look").isNotEqualTo(watched.seen().now());
      assertThat(running.lookAtFiles()).contains("✓ reloaded   certificates of far are others");
      assertThat(running.server("far")).isNotSameAs(before);
      assertThat(watched.seen()).isEqualTo(watched.seen().now());
    }
  }

  @Test
  void files_that_are_gone_are_looked_at_once() throws Exception {
    ServeFolder serving = new ServeFolder(folder);
    serving.write(
        "callers: anyone", "  far: {url: \"https://127.0.0.1:1/mcp\", ca: ca.pem, proxy: none}\n");
    try (Running running = Running.begin(serving, engine)) {
      ConfiguredServer before = running.server("far");
      FileWatch.Watched watched = running.reload().ofServers();
      Files.delete(authorities);
      assertThat(watched.seen()).isNotEqualTo(watched.seen().now());
      assertThat(running.lookAtFiles()).doesNotContain("reloaded", "broke off");
      assertThat(watched.seen()).isEqualTo(watched.seen().now());
      Pem.place(authorities, second.chain());
      assertThat(watched.seen()).isNotEqualTo(watched.seen().now());
      assertThat(running.lookAtFiles()).contains("certificates of far are others");
      assertThat(running.server("far")).isNotSameAs(before);
    }
  }
}
