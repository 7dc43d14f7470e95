package dev.sallyport.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Configurations for tests, many in one readable file: a title behind {@code ####}, perhaps lines
 * with {@code @env NAME=VALUE} and {@code @unseen WHAT}, the configuration, and for wrong ones
 * {@code ====} and every message.
 *
 * @param unseen what is wrong with it that a schema cannot see, if that is so
 */
record Corpus(
    String title,
    Map<String, String> environment,
    Optional<String> unseen,
    String text,
    List<String> messages) {

  static List<Corpus> load(String name) throws IOException {
    try (InputStream in =
        Optional.ofNullable(Corpus.class.getResourceAsStream(name)).orElseThrow()) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Corpus> cases = new ArrayList<>();
      for (String section : all.split("(?m)^#### ", -1)) {
        if (!section.isBlank()) {
          cases.add(parse(section));
        }
      }
      return List.copyOf(cases);
    }
  }

  private static Corpus parse(String section) {
    Map<String, String> environment = new TreeMap<>();
    Optional<String> unseen = Optional.empty();
    StringBuilder text = new StringBuilder();
    List<String> messages = new ArrayList<>();
    boolean expected = false;
    List<String> lines = section.lines().toList();
    for (String line : lines.subList(1, lines.size())) {
      if (line.equals("====")) {
        expected = true;
      } else if (expected) {
        if (!line.isBlank()) {
          messages.add(line);
        }
      } else if (line.startsWith("@env ")) {
        String[] variable = line.substring("@env ".length()).split("=", 2);
        environment.put(variable[0], variable[1]);
      } else if (line.startsWith("@unseen ")) {
        unseen = Optional.of(line.substring("@unseen ".length()));
      } else {
        text.append(line).append('\n');
      }
    }
    return new Corpus(lines.getFirst(), environment, unseen, text.toString(), messages);
  }

  @Override
  public String toString() {
    return title;
  }
}
