package dev.sallyport.gateway.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a page of the text format 0.0.4 and takes nothing that a scraper could stumble over: a
 * family twice, samples outside of their family, a series twice, buckets that fall or have no end.
 */
public final class StrictPage {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)", Pattern.DOTALL);
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");

  private final Map<String, String> types = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final Set<String> helped = new HashSet<>();
  private String family = "";

  /** One line of numbers. */
  public record Sample(String name, Map<String, String> labels, double value) {
    private boolean isOf(String asked, Map<String, String> some) {
      return name.equals(asked) && labels.entrySet().containsAll(some.entrySet());
    }
  }

  private StrictPage() {}

  /**
   * @throws IllegalArgumentException when it is not such a page
   */
  public static StrictPage of(String text) {
    StrictPage page = new StrictPage();
    require(text.endsWith("\n"), "the last line has no end");
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      if (line.startsWith("#")) {
        page.comment(line);
      } else {
        page.sample(line);
      }
    }
    page.checkSeries();
    page.checkHistograms();
    return page;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private void comment(String line) {
    Matcher parts = COMMENT.matcher(line);
    require(parts.matches(), "no comment: " + line);
    if (parts.group(1).equals("HELP")) {
      require(helped.add(parts.group(2)), "explained twice: " + line);
    } else {
      family = parts.group(2);
      require(helped.contains(family), "not explained first: " + line);
      require(TYPES.contains(parts.group(3)), "no type: " + line);
      require(types.putIfAbsent(family, parts.group(3)) == null, "a family twice: " + line);
    }
  }

  private void sample(String line) {
    Matcher parts = SAMPLE.matcher(line);
    require(parts.matches(), "no sample: " + line);
    String name = parts.group(1);
    String type = types.getOrDefault(family, "none");
    List<String> names =
        switch (type) {
          case "histogram" -> List.of(family + "_bucket", family + "_sum", family + "_count");
          case "summary" -> List.of(family, family + "_sum", family + "_count");
          default -> List.of(family);
        };
    require(names.contains(name), "outside of its family: " + line);
    require(
        !type.equals("counter") || name.endsWith("_total"), "a counter without _total: " + line);
    double value = number(parts.group(3));
    require(!type.equals("counter") || value >= 0, "a counter below zero: " + line);
    samples.add(new Sample(name, labels(parts.group(2) == null ? "" : parts.group(2)), value));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      Matcher label = LABEL.matcher(text).region(at, text.length());
      require(label.lookingAt(), "no label at " + at + ": " + text);
      String value = unescaped(label.group(2));
      require(labels.put(label.group(1), value) == null, "a label twice: " + text);
      at = label.end();
      require(!label.group(3).equals(",") || at < text.length(), "a comma at the end: " + text);
    }
    return labels;
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '\\') {
        i++;
        plain.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i));
      } else {
        plain.append(each);
      }
    }
    return plain.toString();
  }

  private void checkSeries() {
    Set<Map.Entry<String, Map<String, String>>> seen = new HashSet<>();
    for (Sample each : samples) {
      require(seen.add(Map.entry(each.name(), each.labels())), "a series twice: " + each);
    }
  }

  private void checkHistograms() {
    Map<Map.Entry<String, Map<String, String>>, List<Sample>> buckets = new HashMap<>();
    for (Sample each : samples) {
      Map<String, String> labels = new HashMap<>(each.labels());
      if (labels.remove("le") != null) {
        buckets.computeIfAbsent(Map.entry(each.name(), labels), _ -> new ArrayList<>()).add(each);
      }
    }
    for (Sample each : samples) {
      String name = each.name().replaceFirst("_count$", "");
      if (!name.equals(each.name()) && types.getOrDefault(name, "").equals("histogram")) {
        checkHistogram(
            each, buckets.getOrDefault(Map.entry(name + "_bucket", each.labels()), List.of()));
      }
    }
  }

  private static void checkHistogram(Sample count, List<Sample> buckets) {
    double bound = Double.NEGATIVE_INFINITY;
    double before = 0;
    for (Sample bucket : buckets) {
      double next = number(String.valueOf(bucket.labels().get("le")));
      require(next > bound, "bounds do not rise: " + bucket);
      require(bucket.value() >= before, "buckets fall: " + bucket);
      bound = next;
      before = bucket.value();
    }
    require(bound == Double.POSITIVE_INFINITY, "no last bucket: " + count);
    require(before == count.value(), "the last bucket is not all: " + count);
  }

  /** The values of all series with such a name and, among others, these labels. */
  public List<Double> values(String name, Map<String, String> labels) {
    return samples.stream().filter(sample -> sample.isOf(name, labels)).map(Sample::value).toList();
  }

  /** What is told, added up; zero when there is none. */
  public double sum(String name, Map<String, String> labels) {
    return values(name, labels).stream().mapToDouble(Double::doubleValue).sum();
  }

  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  public Map<String, String> types() {
    return Map.copyOf(types);
  }
}
