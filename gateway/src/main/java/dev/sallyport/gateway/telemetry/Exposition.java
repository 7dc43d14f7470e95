package dev.sallyport.gateway.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A page in the text format of Prometheus, version 0.0.4: families one after the other, each with
 * its samples. Confined to one thread.
 */
final class Exposition {
  /** From here on the plain form of a double gets long. */
  private static final double LARGE = 1e15;

  private final StringBuilder text = new StringBuilder(16_384);

  /** Adds a family under the name that Prometheus gives it. */
  Exposition add(Family family) {
    String name = name(family);
    family(name, family.type().name().toLowerCase(Locale.ROOT), family.help());
    for (Family.Point point : family.points()) {
      switch (point) {
        case Family.Point.One(var labels, long value) -> sample(name, value, plain(labels));
        case Family.Point.Spread(var labels, var counts, double sum) ->
            buckets(name, plain(labels), counts, sum);
      }
    }
    return this;
  }

  private static String name(Family family) {
    return plain(family.name())
        + (family.unit().equals("s") ? "_seconds" : "")
        + (family.type() == Family.Type.COUNTER ? "_total" : "");
  }

  private static String plain(String name) {
    return name.replace('.', '_');
  }

  private static Map<String, String> plain(Map<String, String> labels) {
    Map<String, String> plain = new LinkedHashMap<>();
    labels.forEach((name, value) -> plain.put(plain(name), value));
    return plain;
  }

  private void buckets(String name, Map<String, String> labels, List<Long> counts, double sum) {
    Map<String, String> bounded = new LinkedHashMap<>(labels);
    List<Double> bounds = Durations.bounds();
    long count = 0;
    for (int i = 0; i < counts.size(); i++) {
      count += counts.get(i);
      bounded.put("le", i < bounds.size() ? number(bounds.get(i)) : "+Inf");
      sample(name + "_bucket", count, bounded);
    }
    sample(name + "_sum", sum, labels);
    sample(name + "_count", count, labels);
  }

  /**
   * Begins a family; its samples come next.
   *
   * @param type {@code counter}, {@code gauge}, {@code histogram} or {@code summary}
   */
  Exposition family(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  Exposition sample(String name, long value, Map<String, String> labels) {
    return sample(name, Long.toString(value), labels);
  }

  Exposition sample(String name, double value, Map<String, String> labels) {
    return sample(name, number(value), labels);
  }

  private Exposition sample(String name, String value, Map<String, String> labels) {
    text.append(name);
    if (!labels.isEmpty()) {
      char before = '{';
      for (Map.Entry<String, String> label : labels.entrySet()) {
        text.append(before).append(label.getKey()).append("=\"");
        appendEscaped(label.getValue());
        text.append('"');
        before = ',';
      }
      text.append('}');
    }
    text.append(' ').append(value).append('\n');
    return this;
  }

  private void appendEscaped(String value) {
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      switch (each) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(each);
      }
    }
  }

  /** Without a point when it needs none. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGE
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  String text() {
    return text.toString();
  }
}
