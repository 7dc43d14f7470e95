package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.ForeignKeys;
import dev.sallyport.gateway.config.Nearest;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client's words about one server, asked for one by one; what nobody asked for is told at the
 * end. What is of a wrong type is a fault, because what the server would be without it is not what
 * was meant.
 */
final class ServerEntry {
  private final String path;
  private final Place named;
  private final Node.Mapping node;
  private final References references;
  private final Findings findings;
  private final InClear inClear;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * @param path how it is called in messages
   * @param named where its name stands
   */
  ServerEntry(
      String path,
      Place named,
      Node.Mapping node,
      References references,
      Findings findings,
      InClear inClear) {
    this.path = path;
    this.named = named;
    this.node = node;
    this.references = references;
    this.findings = findings;
    this.inClear = inClear;
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  /** What is there and is not nothing. */
  private Optional<Node.Entry> find(String key) {
    asked.add(key);
    return node.entry(key).filter(entry -> !Values.isNothing(entry.value()));
  }

  Optional<String> text(String key) {
    return find(key)
        .flatMap(
            entry -> {
              Optional<String> text = Values.text(entry.value());
              if (text.isEmpty()) {
                fault(key, "is not text");
              }
              return text;
            });
  }

  /** Whether it is there and true. */
  Optional<Boolean> choice(String key) {
    return text(key)
        .flatMap(
            text ->
                switch (text) {
                  case "true" -> Optional.of(true);
                  case "false" -> Optional.of(false);
                  default -> {
                    fault(key, "is neither true nor false");
                    yield Optional.empty();
                  }
                });
  }

  /** Empty when it is not there. */
  Optional<List<String>> list(String key) {
    return find(key)
        .flatMap(
            entry -> {
              Optional<List<String>> texts = Values.texts(entry.value());
              if (texts.isEmpty()) {
                fault(key, "is not a list of texts");
              }
              return texts;
            });
  }

  /** The values of a group by their names. */
  Map<String, Node> group(String key) {
    Map<String, Node> values = new LinkedHashMap<>();
    find(key)
        .ifPresent(
            entry -> {
              if (entry.value() instanceof Node.Mapping group) {
                group.entries().forEach(each -> values.put(each.key(), each.value()));
              } else {
                fault(key, "is not a group of names and values");
              }
            });
    return values;
  }

  /** The text of one in a group; empty when there is none, which is told. */
  Optional<String> value(String key, String name, Node value) {
    Optional<String> text = Values.text(value);
    if (text.isEmpty()) {
      String where = path + "." + key + "." + Shown.name(name);
      if (Values.isNothing(value)) {
        findings.remark(value.place(), where + " has no value and is left out");
      } else {
        findings.fault(value.place(), where + " is not text");
      }
    }
    return text;
  }

  /**
   * A value in our words; what there is to say of it is said.
   *
   * @param own variables that the server gets
   */
  References.Written written(String key, String text, List<String> own) {
    References.Written written = references.written(text, own);
    written.remarks().forEach(remark -> remark(key, remark));
    return written;
  }

  /** The same of each in a list, at their own places. */
  List<References.Written> writtenAll(String key, List<String> texts, List<String> own) {
    List<References.Written> all = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      References.Written written = references.written(texts.get(i), own);
      String name = name(key) + "[" + i + "]";
      Place place = placeOf(key, i);
      written.remarks().forEach(remark -> findings.remark(place, name + " " + remark));
      all.add(written);
    }
    return List.copyOf(all);
  }

  /** The same without a word. */
  String written(String text) {
    return references.written(text, List.of()).text();
  }

  /** The same of one in a group, at its own place. */
  References.Written written(String key, String name, Node value, String text) {
    References.Written written = references.written(text, List.of());
    written.remarks().forEach(remark -> remark(key, name, value, remark));
    return written;
  }

  /** A value may be a secret. */
  void inClear(String key) {
    inClear.tell(placeOf(key), name(key));
  }

  /** The same of one in a list. */
  void inClear(String key, int index) {
    inClear.tell(placeOf(key, index), name(key) + "[" + index + "]");
  }

  /** The same of one in a group. */
  void inClear(String key, String name, Node value) {
    inClear.tell(value.place(), name(key) + "." + Shown.name(name));
  }

  private Place placeOf(String key) {
    return node.entry(key).map(Node.Entry::place).orElse(named);
  }

  private Place placeOf(String key, int index) {
    return node.entry(key).map(Node.Entry::value).orElse(node) instanceof Node.Sequence list
        ? list.items().get(index).place()
        : placeOf(key);
  }

  void remark(String key, String text) {
    findings.remark(placeOf(key), name(key) + " " + text);
  }

  /** The same of one in a group, at its own place. */
  void remark(String key, String name, Node value, String text) {
    findings.remark(value.place(), name(key) + "." + Shown.name(name) + " " + text);
  }

  void fault(String key, String text) {
    findings.fault(placeOf(key), name(key) + " " + text);
  }

  /** Of the server as a whole. */
  void remark(String text) {
    findings.remark(named, path + " " + text);
  }

  private String name(String key) {
    return path + "." + Shown.name(key);
  }

  /** What nobody asked for. */
  void tellOthers() {
    for (Node.Entry entry : node.entries()) {
      if (!asked.contains(entry.key())) {
        String why =
            ForeignKeys.told(entry.key())
                .orElseGet(
                    () ->
                        " is left out: there is nothing like it here"
                            + Nearest.to(entry.key(), List.copyOf(asked))
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
        findings.remark(entry.place(), name(entry.key()) + why);
      }
    }
  }
}
