package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.upstream.UpstreamOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration that is written is the same when it is read. */
final class ConfigTextTest {
  private static final int MADE = 400;

  @TempDir Path folder;

  @BeforeEach
  void lay() throws IOException {
    Ground.lay(folder);
  }

  static List<Corpus> right() throws IOException {
    return Corpus.load("right.txt");
  }

  @ParameterizedTest
  @MethodSource("right")
  void what_was_read_is_the_same_when_it_is_written_and_read_again(Corpus each) {
    Config config = read(each.text(), Ground.environment(each.environment()));
    assertSame(config);
  }

  @Test
  void what_was_made_is_the_same_when_it_is_written_and_read() throws IOException {
    SplittableRandom random = new SplittableRandom(20_260_202);
    for (int i = 0; i < MADE; i++) {
      assertSame(new MadeConfig(random, folder).config());
    }
  }

  @Test
  void what_is_as_it_is_without_a_word_is_not_written() {
    assertThat(yaml(read("servers: {notes: {command: npx, args: [-y, pkg]}}", Map.of())))
        .isEqualTo(
            """
            servers:
              notes:
                command: npx
                args: [-y, pkg]
            """);
  }

  @Test
  void what_is_to_come_from_elsewhere_is_written_so_and_what_is_not_is_kept_from_it() {
    Config config =
        read(
            """
            servers:
              notes: {command: npx, env: {TOKEN: s3cret, OTHER: "$${HOME}"}}
            """,
            Map.of());
    String yaml =
        ConfigText.of(
                config, folder, Map.of(List.of("servers", "notes", "env", "TOKEN"), "${TOKEN}"))
            .yaml();
    assertThat(yaml)
        .contains("TOKEN: \"${TOKEN}\"", "OTHER: \"$${HOME}\"")
        .doesNotContain("s3cret");
    assertThat(environment(read(yaml, Map.of("TOKEN", "changed"))))
        .containsEntry("TOKEN", "changed")
        .containsEntry("OTHER", "${HOME}");
  }

  @Test
  void a_remark_stands_before_its_key_and_can_say_nothing_else() {
    YamlGroup group = new YamlGroup();
    group.remark("servers", "first");
    group.remark("servers", "second\nlisten: :80");
    group.branch("servers").branch("notes").put("command", "npx");
    assertThat(group.yaml())
        .isEqualTo(
            """
            # first
            # second?listen: :80
            servers:
              notes:
                command: npx
            """);
    assertThat(read(group.yaml(), Map.of()).listening().address().port()).isEqualTo(8080);
  }

  private void assertSame(Config config) {
    String yaml = yaml(config);
    Config again = read(yaml, Map.of());
    assertThat(bare(again)).as(yaml).isEqualTo(bare(config));
    assertThat(yaml(again)).isEqualTo(yaml);
  }

  private String yaml(Config config) {
    return ConfigText.of(config, folder, Map.of()).yaml();
  }

  private Config read(String text, Map<String, String> environment) {
    Reading reading = ConfigReader.read(text, folder, environment);
    assertThat(reading).as(text).isInstanceOf(Reading.Sound.class);
    return ((Reading.Sound) reading).config();
  }

  private static Map<String, String> environment(Config config) {
    return ((Backend.Command) config.servers().getFirst().backend()).command().environment();
  }

  /** Without where servers stand, and what is switched off. */
  private static List<Object> bare(Config config) {
    List<Object> all = new ArrayList<>();
    config.servers().forEach(server -> all.add(bare(server)));
    all.addAll(
        List.of(
            config.listening(),
            config.admin(),
            config.telemetry(),
            config.limits(),
            config.log(),
            config.routes()));
    return all;
  }

  private static List<Object> bare(ServerConfig server) {
    UpstreamOptions options = server.options();
    return List.of(
        server.name(),
        server.prefix(),
        server.backend(),
        options.era(),
        options.patience(),
        options.sharing(),
        server.tools());
  }
}
