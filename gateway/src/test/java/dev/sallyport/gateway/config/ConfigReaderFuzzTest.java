package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderFuzzTest {
  private static final Path NOWHERE = Path.of("/nowhere");
  private static final int MUTANTS = 3_000;

  /** What a mutation puts in: what means something to YAML, to us, or to a terminal. */
  private static final List<String> PIECES =
      List.of(
          ":",
          " ",
          "\n",
          "\t",
          "- ",
          "? ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "&a",
          "*a",
          "!",
          "|",
          ">",
          "'",
          "\"",
          "#",
          "%",
          "---\n",
          "...\n",
          "<<",
          "~",
          "null",
          "\0",
          "\u001b[31m",
          "\ufeff",
          "\ud83d",
          "\u2028",
          "${",
          "${A}",
          "$$",
          "${file:x}",
          "0",
          "-1",
          "9".repeat(30),
          "1e999",
          ".inf",
          "servers",
          "mcpServers",
          "routes",
          "enabled",
          "\\x00",
          "\\ud83d");

  /** Whatever the file holds: a reading, and nothing thrown. */
  @FuzzTest
  void reads(byte[] bytes) {
    holds(new String(bytes, StandardCharsets.UTF_8), Map.of());
  }

  /** Whatever the environment holds. */
  @FuzzTest
  void takes_any_environment(byte[] bytes) {
    String[] variable = new String(bytes, StandardCharsets.UTF_8).split("=", 2);
    String value = variable.length == 2 ? variable[1] : "";
    holds("servers: {notes: {command: npx}}", Map.of("SALLYPORT_" + variable[0], value));
  }

  /** The corpus with slips in it, the same ones each time. */
  @ParameterizedTest
  @ValueSource(strings = {"right.txt", "wrong.txt"})
  void reads_the_corpus_with_slips(String file) throws IOException {
    SplittableRandom random = new SplittableRandom(20_260_101);
    List<Corpus> seeds = Corpus.load(file);
    for (int i = 0; i < MUTANTS; i++) {
      Corpus seed = seeds.get(random.nextInt(seeds.size()));
      holds(mutated(seed.text(), random), Ground.environment(seed.environment()));
    }
  }

  @Test
  void deep_and_wide_files_are_read_in_a_short_time() {
    holds("[".repeat(ConfigReader.MOST_BYTES), Map.of());
    holds("- ".repeat(ConfigReader.MOST_BYTES / 2), Map.of());
    holds("? ".repeat(ConfigReader.MOST_BYTES / 2), Map.of());
    holds("a: ".repeat(ConfigReader.MOST_BYTES / 3), Map.of());
    holds("x".repeat(ConfigReader.MOST_BYTES), Map.of());
    StringBuilder keys = new StringBuilder();
    for (int i = 0; keys.length() < ConfigReader.MOST_BYTES / 8; i++) {
      keys.append("enabld").append(i).append(": ${x}\n");
    }
    holds(keys.toString(), Map.of());
    holds("servers: {a: {command: x, args: [" + "a,".repeat(50_000) + "]}}", Map.of());
  }

  private static String mutated(String text, SplittableRandom random) {
    StringBuilder changed = new StringBuilder(text);
    for (int slips = random.nextInt(1, 5); slips > 0 && !changed.isEmpty(); slips--) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> changed.setCharAt(at, (char) random.nextInt(0x180));
        case 3 -> {
          int end = Math.min(changed.length(), at + random.nextInt(40));
          changed.insert(random.nextInt(changed.length()), changed.substring(at, end));
        }
        default -> throw new IllegalStateException("one of four");
      }
    }
    return changed.toString();
  }

  /** A fault is one line, and what is sound can be read again. */
  private static void holds(String text, Map<String, String> environment) {
    Reading reading = ConfigReader.read(text, NOWHERE, environment);
    switch (reading) {
      case Reading.Faulty faulty -> {
        assertThat(faulty.faults()).isNotEmpty().hasSizeLessThanOrEqualTo(Findings.MOST_TOLD);
        oneLineEach(faulty.faults());
      }
      case Reading.Sound sound -> {
        oneLineEach(sound.remarks());
        assertThat(YamlText.read(sound.effective(), new Findings())).isPresent();
        if (!sound.effective().contains(Group.MASK)) {
          assertThat(ConfigReader.read(sound.effective(), NOWHERE, Map.of()))
              .isInstanceOfSatisfying(
                  Reading.Sound.class,
                  again -> assertThat(again.effective()).isEqualTo(sound.effective()));
        }
      }
    }
  }

  private static void oneLineEach(List<? extends Finding> findings) {
    List<String> told = new ArrayList<>();
    findings.forEach(finding -> told.add(finding.told("f")));
    assertThat(told)
        .allMatch(line -> line.codePoints().allMatch(Shown::isPrintable))
        .allMatch(line -> line.length() < 500)
        .doesNotHaveDuplicates();
  }
}
