package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.YamlText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Makes a tree of a TOML document, with the place of each key. */
final class TomlText {
  private TomlText() {}

  /** Empty when it is not TOML, which has then been told. */
  static Optional<Node> read(String text, Findings findings) {
    if (depth(text) > YamlText.DEEPEST) {
      findings.fault(new Place.WholeFile(), "nested more than " + YamlText.DEEPEST + " deep");
      return Optional.empty();
    }
    try {
      TomlParseResult result = Toml.parse(text);
      result.errors().forEach(error -> tell(error, findings));
      return findings.sound()
          ? Optional.of(table(result, new Place.InText(1, 1)))
          : Optional.empty();
    } catch (TomlParseError thrown) { // of some escapes in keys, rather than returned
      tell(thrown, findings);
      return Optional.empty();
    }
  }

  private static void tell(TomlParseError error, Findings findings) {
    // What the parser says repeats what stands there, which in a file of others may be a secret.
    findings.fault(place(error.position()), "from here on this is not TOML");
  }

  /** How many brackets are open at most: the parser calls itself for each. */
  private static int depth(String text) {
    int open = 0;
    int most = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '[', '{' -> open++;
        case ']', '}' -> open = Math.max(0, open - 1);
        case '\n' -> open = isInList(text, i) ? open : 0;
        default -> {}
      }
      most = Math.max(most, open);
    }
    return most;
  }

  /** A line that ends so goes on in a list; all others end what a stray bracket in a text began. */
  private static boolean isInList(String text, int lineEnd) {
    String line = text.substring(text.lastIndexOf('\n', lineEnd - 1) + 1, lineEnd).strip();
    return line.isEmpty() || line.endsWith(",") || line.endsWith("[") || line.startsWith("#");
  }

  private static Node table(TomlTable table, Place place) {
    List<Node.Entry> entries = new ArrayList<>();
    for (String key : table.keySet()) {
      List<String> path = List.of(key);
      Place where =
          Optional.ofNullable(table.inputPositionOf(path)).map(TomlText::place).orElse(place);
      Optional.ofNullable(table.get(path))
          .ifPresent(value -> entries.add(new Node.Entry(key, where, node(value, where))));
    }
    entries.sort(Comparator.comparing(Node.Entry::place, Place.IN_ORDER));
    return new Node.Mapping(place, entries);
  }

  private static Node node(Object value, Place place) {
    return switch (value) {
      case TomlTable table -> table(table, place);
      case TomlArray list -> list(list);
      case String text -> new Node.Scalar(place, text, Node.Type.TEXT, false);
      case Long number -> new Node.Scalar(place, number.toString(), Node.Type.WHOLE, false);
      case Double number -> new Node.Scalar(place, number.toString(), Node.Type.DECIMAL, false);
      case Boolean choice -> new Node.Scalar(place, choice.toString(), Node.Type.BOOLEAN, false);
      default -> new Node.Scalar(place, value.toString(), Node.Type.TEXT, false); // dates and times
    };
  }

  private static Node list(TomlArray list) {
    List<Node> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(node(list.get(i), place(list.inputPositionOf(i))));
    }
    return new Node.Sequence(
        items.isEmpty() ? new Place.WholeFile() : items.getFirst().place(), items);
  }

  private static Place place(TomlPosition position) {
    return new Place.InText(position.line(), position.column());
  }
}
