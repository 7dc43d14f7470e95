package dev.sallyport.gateway.config.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each client's file, what comes of it, and every word that is said about it. */
final class ClientImportTest {
  private static final int MUTANTS = 1_500;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");

  @TempDir Path folder;

  /**
   * One of {@code imports.txt}: a title behind {@code ####}, {@code @file NAME} before each file,
   * perhaps {@code @from CLIENT}, then {@code ====} and what is made, then {@code ----} and what is
   * said. Nothing is made of a file that is wrong.
   */
  record Sample(
      String title,
      Map<String, String> files,
      Optional<Client> from,
      String made,
      List<String> said) {
    @Override
    public String toString() {
      return title;
    }
  }

  static List<Sample> samples() throws IOException {
    try (InputStream in =
        Optional.ofNullable(ClientImportTest.class.getResourceAsStream("imports.txt"))
            .orElseThrow()) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Sample> samples = new ArrayList<>();
      for (String section : all.split("(?m)^#### ", -1)) {
        if (!section.isBlank()) {
          samples.add(sample(section));
        }
      }
      return List.copyOf(samples);
    }
  }

  private static Sample sample(String section) {
    String[] parts = section.split("(?m)^(====|----)\n", -1);
    Optional<Client> from = Optional.empty();
    Map<String, String> files = new TreeMap<>();
    String name = "";
    List<String> lines = parts[0].lines().toList();
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("@from ")) {
        from = Client.named(line.substring("@from ".length()));
      } else if (line.startsWith("@file ")) {
        name = line.substring("@file ".length());
      } else {
        files.merge(name, line + "\n", String::concat);
      }
    }
    return new Sample(
        lines.getFirst(),
        files,
        from,
        parts[1],
        parts[2].lines().filter(line -> !line.isBlank()).toList());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void what_comes_of_a_clients_file_and_what_is_said_of_it(Sample sample) throws IOException {
    switch (imported(sample)) {
      case ClientImport.Made made -> {
        assertThat(plain(made.yaml())).isEqualTo(sample.made());
        assertThat(told(made.remarks())).isEqualTo(sample.said());
      }
      case ClientImport.Faulty faulty -> {
        assertThat(told(faulty.faults())).isEqualTo(sample.said());
        assertThat(sample.made()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void what_is_made_can_be_used(Sample sample) throws IOException {
    if (imported(sample) instanceof ClientImport.Made made) {
      assertThat(ConfigReader.read(made.yaml(), folder, variables(made.yaml())))
          .isInstanceOf(Reading.Sound.class);
    } else {
      assertThat(sample.made()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void no_secret_is_said(Sample sample) throws IOException {
    String said =
        switch (imported(sample)) {
          case ClientImport.Made made -> made.toString() + told(made.remarks());
          case ClientImport.Faulty faulty -> faulty.toString() + told(faulty.faults());
        };
    assertThat(said).doesNotContain("s3cret");
  }

  @Test
  void every_client_has_a_sample() throws IOException {
    List<String> made = samples().stream().map(Sample::made).toList();
    for (String client : Client.names()) {
      assertThat(made).anyMatch(yaml -> yaml.contains("(" + client + ")"));
    }
  }

  /** The samples with slips in them: one clear line each, and what is made can be used. */
  @Test
  void whatever_a_file_holds_it_is_told_or_can_be_used() throws IOException {
    SplittableRandom random = new SplittableRandom(20_260_303);
    List<Sample> samples = samples();
    for (int i = 0; i < MUTANTS; i++) {
      Sample sample = samples.get(random.nextInt(samples.size()));
      Map<String, String> files = new TreeMap<>(sample.files());
      files.replaceAll((name, text) -> mutated(text, random));
      switch (imported(files, sample.from())) {
        case ClientImport.Made made -> {
          oneLineEach(made.remarks());
          assertThat(ConfigReader.read(made.yaml(), folder, variables(made.yaml())))
              .as("%s\n%s", files, made.yaml())
              .isInstanceOf(Reading.Sound.class);
        }
        case ClientImport.Faulty faulty -> {
          assertThat(faulty.faults()).isNotEmpty();
          oneLineEach(faulty.faults());
        }
      }
    }
  }

  @Test
  void deep_and_large_files_are_told_in_a_short_time() throws IOException {
    for (String text :
        List.of(
            "[".repeat(1 << 20),
            "x = " + "[".repeat(1 << 19),
            "x = " + "{a=".repeat(1 << 18),
            "{\"a\":".repeat(1 << 17),
            "{//" + "/*".repeat(1 << 18),
            " ".repeat((1 << 20) + 1))) {
      Path file = folder.resolve("deep.json");
      Files.writeString(file, text);
      assertThat(ClientImport.of(List.of(file), Optional.empty()))
          .isInstanceOfSatisfying(
              ClientImport.Faulty.class, faulty -> oneLineEach(faulty.faults()));
    }
  }

  @Test
  void of_many_secrets_the_first_are_named_and_the_rest_is_counted() throws IOException {
    assertThat(secrets(50)).hasSize(50).allMatch(line -> line.contains(".env.KEY"));
    assertThat(secrets(53))
        .hasSize(51)
        .first()
        .asString()
        .endsWith("x.json: 3 more values may hold secrets");
  }

  /** What is said of so many. */
  private List<String> secrets(int count) throws IOException {
    List<String> variables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      variables.add("\"KEY" + i + "\": \"s3cret\"");
    }
    String file =
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"env\": {"
            + String.join(",", variables)
            + "}}}}";
    return imported(Map.of("x.json", file), Optional.empty()) instanceof ClientImport.Made made
        ? told(made.remarks())
        : List.of();
  }

  private static String mutated(String text, SplittableRandom random) {
    StringBuilder changed = new StringBuilder(text);
    List<String> pieces =
        List.of(
            "\"", "{", "}", "[", "]", ",", ":", "${", "${A}", "$$", "//", "/*", "null", "\\", "\0",
            "=", "1", "type", "url");
    for (int slips = random.nextInt(1, 4); slips > 0 && !changed.isEmpty(); slips--) {
      int at = random.nextInt(changed.length());
      if (random.nextBoolean()) {
        changed.deleteCharAt(at);
      } else {
        changed.insert(at, pieces.get(random.nextInt(pieces.size())));
      }
    }
    return changed.toString();
  }

  private static void oneLineEach(List<Told> told) {
    assertThat(told)
        .extracting(Told::line)
        .allMatch(line -> line.codePoints().noneMatch(Character::isISOControl))
        .allMatch(line -> line.length() < 600);
  }

  private ClientImport.Outcome imported(Sample sample) throws IOException {
    return imported(sample.files(), sample.from());
  }

  private ClientImport.Outcome imported(Map<String, String> files, Optional<Client> from)
      throws IOException {
    List<Path> paths = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.writeString(path, file.getValue().replace("@here", folder.toString()));
      paths.add(path);
    }
    return ClientImport.of(paths, from);
  }

  private String plain(String text) {
    return text.replace(folder.toString(), "@here");
  }

  private List<String> told(List<Told> all) {
    return all.stream().map(told -> plain(told.line())).toList();
  }

  /** Each variable that the file wants, so that only what is wrong with the file is wrong. */
  private static Map<String, String> variables(String yaml) {
    Map<String, String> variables = new TreeMap<>();
    Matcher names = VARIABLE.matcher(yaml);
    while (names.find()) {
      variables.put(
          names.group(1), yaml.contains("url: \"${" + names.group(1)) ? "https://x.example" : "x");
    }
    return variables;
  }
}
