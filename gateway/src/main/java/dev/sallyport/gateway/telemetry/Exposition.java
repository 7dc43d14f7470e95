package dev.sallyport.gateway.telemetry;

import java.util.Map;

/**
 * A page in the text format of Prometheus, version 0.0.4: families one after the other, each with
 * its samples. Confined to one thread.
 */
final class Exposition {
  /** From here on the plain form of a double gets long. */
  private static final double LARGE = 1e15;

  private final StringBuilder text = new StringBuilder(16_384);

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
