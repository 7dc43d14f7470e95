package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What was understood, written down while it is read: each value as it counts, defaults included,
 * and {@code ***} for what may be a secret. Confined to the reading of one file.
 */
final class Effective {
  static final String MASK = "***";

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9./_]([A-Za-z0-9./_:@-]*[A-Za-z0-9./_@-])?");
  private static final Pattern MEANS_ELSE =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

  private final Map<String, Value> values = new LinkedHashMap<>();

  private sealed interface Value {
    record Leaf(String yaml) implements Value {}

    record Items(List<String> yaml) implements Value {}

    record Branch(Effective inside) implements Value {}

    record Branches(List<Effective> each) implements Value {}
  }

  /**
   * @param text what it is when read again
   * @param bare whether it is a number or true or false
   */
  void put(String key, String text, boolean bare) {
    values.put(key, new Value.Leaf(bare && !text.equals(MASK) ? text : yaml(text)));
  }

  void put(String key, List<String> texts) {
    values.put(key, new Value.Items(texts.stream().map(Effective::yaml).toList()));
  }

  Effective branch(String key) {
    Effective inside = new Effective();
    values.put(key, new Value.Branch(inside));
    return inside;
  }

  /** One more group in the list of that key. */
  Effective item(String key) {
    Effective inside = new Effective();
    List<Effective> all = new ArrayList<>();
    if (values.get(key) instanceof Value.Branches(List<Effective> before)) {
      all.addAll(before);
    }
    all.add(inside);
    values.put(key, new Value.Branches(List.copyOf(all)));
    return inside;
  }

  private boolean isEmpty() {
    return values.values().stream()
        .allMatch(value -> value instanceof Value.Branch(Effective inside) && inside.isEmpty());
  }

  /** As YAML, with a line end at its end. */
  String yaml() {
    StringBuilder out = new StringBuilder();
    write(out, "", "");
    return out.toString();
  }

  /**
   * @param first before the first line, in place of the indentation
   */
  private void write(StringBuilder out, String first, String indentation) {
    String before = first;
    for (Map.Entry<String, Value> each : values.entrySet()) {
      if (each.getValue() instanceof Value.Branch(Effective inside) && inside.isEmpty()) {
        continue;
      }
      out.append(before).append(quoted(each.getKey())).append(':');
      before = indentation;
      switch (each.getValue()) {
        case Value.Leaf(String yaml) -> out.append(' ').append(yaml).append('\n');
        case Value.Items(List<String> yaml) ->
            out.append(" [").append(String.join(", ", yaml)).append("]\n");
        case Value.Branch(Effective inside) -> {
          out.append('\n');
          inside.write(out, indentation + "  ", indentation + "  ");
        }
        case Value.Branches(List<Effective> all) -> {
          out.append('\n');
          all.forEach(item -> item.write(out, indentation + "  - ", indentation + "    "));
        }
      }
    }
  }

  /** A value, which is not to be expanded when it is read again. */
  private static String yaml(String text) {
    return quoted(text.replace("$", "$$"));
  }

  /** Without quotes only what nobody could take for something else. */
  private static String quoted(String text) {
    if (PLAIN.matcher(text).matches()
        && !MEANS_ELSE.matcher(text).matches()
        && YamlText.type(text) == Node.Type.TEXT) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (Shown.isPrintable(c)) {
                    quoted.appendCodePoint(c);
                  } else {
                    quoted.append(String.format("\\U%08x", c));
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}
