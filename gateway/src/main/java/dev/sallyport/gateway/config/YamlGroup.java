package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A group of keys that is being written down as YAML, in the order in which they are put: what was
 * understood of a configuration, or a configuration to be read later. The same keys and values give
 * the same text, with no more quotes than YAML needs. Confined to one thread.
 */
public final class YamlGroup {
  private static final Pattern PLAIN =
      Pattern.compile(
          "(-{1,2}(?=[A-Za-z]))?[A-Za-z0-9./_]([A-Za-z0-9./_:@=+-]*[A-Za-z0-9./_@=+-])?");
  private static final Pattern MEANS_ELSE =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

  private static final int LONGEST_REMARK = 160;

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, List<String>> remarks = new LinkedHashMap<>();

  private sealed interface Value {
    record Leaf(String yaml) implements Value {}

    record Items(List<String> yaml) implements Value {}

    record Branch(YamlGroup inside) implements Value {}

    record Branches(List<YamlGroup> each) implements Value {}
  }

  /** A text, which is the same when it is read again. */
  public void put(String key, String text) {
    putWritten(key, literal(text));
  }

  /** A number, or true or false, as it is written. */
  public void putBare(String key, String text) {
    values.put(key, new Value.Leaf(text));
  }

  /** A list of texts. */
  public void put(String key, List<String> texts) {
    putWritten(key, texts.stream().map(YamlGroup::literal).toList());
  }

  /**
   * A text as a file has it: what stands in {@code ${...}} is put in when it is read.
   *
   * @see #literal
   */
  public void putWritten(String key, String text) {
    values.put(key, new Value.Leaf(quoted(text)));
  }

  /** The same in a list. */
  public void putWritten(String key, List<String> texts) {
    values.put(key, new Value.Items(texts.stream().map(YamlGroup::quoted).toList()));
  }

  /** A text as a file has it, so that nothing in it is expanded. */
  public static String literal(String text) {
    return text.replace("$", "$$");
  }

  /** A line for people before that key, which need not be there yet. */
  public void remark(String key, String line) {
    List<String> lines = new ArrayList<>(remarks.getOrDefault(key, List.of()));
    lines.add(Shown.line(line, LONGEST_REMARK));
    remarks.put(key, List.copyOf(lines));
  }

  public YamlGroup branch(String key) {
    YamlGroup inside = new YamlGroup();
    put(key, inside);
    return inside;
  }

  /** A group that was made before. */
  public void put(String key, YamlGroup inside) {
    values.put(key, new Value.Branch(inside));
  }

  /** One more group in the list of that key. */
  public YamlGroup item(String key) {
    YamlGroup inside = new YamlGroup();
    List<YamlGroup> all = new ArrayList<>();
    if (values.get(key) instanceof Value.Branches(List<YamlGroup> before)) {
      all.addAll(before);
    }
    all.add(inside);
    values.put(key, new Value.Branches(List.copyOf(all)));
    return inside;
  }

  private boolean isEmpty() {
    return values.values().stream()
        .allMatch(value -> value instanceof Value.Branch(YamlGroup inside) && inside.isEmpty());
  }

  /** As YAML, with a line end at its end. */
  public String yaml() {
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
      if (each.getValue() instanceof Value.Branch(YamlGroup inside) && inside.isEmpty()) {
        continue;
      }
      String start = before;
      for (String line : remarks.getOrDefault(each.getKey(), List.of())) {
        out.append(start).append("# ").append(line).append('\n');
        start = indentation;
      }
      out.append(start).append(quoted(each.getKey())).append(':');
      before = indentation;
      switch (each.getValue()) {
        case Value.Leaf(String yaml) -> out.append(' ').append(yaml).append('\n');
        case Value.Items(List<String> yaml) ->
            out.append(" [").append(String.join(", ", yaml)).append("]\n");
        case Value.Branch(YamlGroup inside) -> {
          out.append('\n');
          inside.write(out, indentation + "  ", indentation + "  ");
        }
        case Value.Branches(List<YamlGroup> all) -> {
          out.append('\n');
          all.forEach(item -> item.write(out, indentation + "  - ", indentation + "    "));
        }
      }
    }
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
