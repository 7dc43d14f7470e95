package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A group of keys in the file, asked for its values one by one. What is wrong is told, and reading
 * goes on without it: every fault is to be found at once.
 */
final class Group {
  /** What stands for what may be a secret in the effective configuration. */
  static final String MASK = "***";

  private final Node.Mapping node;
  private final String path;
  private final Desk desk;
  private final YamlGroup effective;
  private final boolean written;

  /**
   * @param path what it is called in messages; empty for the whole file
   */
  Group(Node.Mapping node, String path, Desk desk, YamlGroup effective, boolean written) {
    this.node = node;
    this.path = path;
    this.desk = desk;
    this.effective = effective;
    this.written = written;
  }

  /**
   * A value that was read, and where it stands.
   *
   * @param hidden whether it is not to be repeated
   */
  record Located<T>(T value, Place place, boolean hidden) {}

  /** The same group for readers that care less about what is there. */
  Group with(Desk other) {
    return new Group(node, path, other, effective, written);
  }

  Desk desk() {
    return desk;
  }

  /** How a key of it is called in messages. */
  String path(String key) {
    return path.isEmpty() ? Shown.name(key) : path + "." + Shown.name(key);
  }

  /** How it is called itself. */
  String path() {
    return path;
  }

  boolean has(String key) {
    return node.entry(key).isPresent();
  }

  /** Where the key stands; the group when it does not. */
  Place placeOf(String key) {
    return node.entry(key).map(Node.Entry::place).orElse(node.place());
  }

  void fault(String key, String text) {
    desk.findings().fault(placeOf(key), path(key) + " " + text);
  }

  void remark(String key, String text) {
    desk.findings().remark(placeOf(key), path(key) + " " + text);
  }

  /** Empty when it is not there, or not right. */
  <T> Optional<T> find(String key, Kind<T> kind) {
    return read(key, kind, false);
  }

  /** The same for what may be a secret. */
  <T> Optional<T> findSecret(String key, Kind<T> kind) {
    return read(key, kind, true);
  }

  private <T> Optional<T> read(String key, Kind<T> kind, boolean secret) {
    Optional<Node.Entry> entry = node.entry(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Node written = entry.get().value();
    write(key, shown(written, secret), kind);
    return desk.value(written, path(key), kind, secret);
  }

  private void write(String key, String text, Kind<?> kind) {
    if (kind.bare(text) && !text.equals(MASK)) {
      effective.putBare(key, text);
    } else {
      effective.put(key, text);
    }
  }

  private static String shown(Node written, boolean secret) {
    if (!(written instanceof Node.Scalar scalar) || isHidden(written) || secret) {
      return MASK;
    }
    return scalar.type() == Node.Type.TEXT
        ? Secrets.maskedUrls(scalar.text().replace("$$", "$"))
        : scalar.text();
  }

  /** Whether it comes, or will come, out of a variable or a file. */
  private static boolean isHidden(Node written) {
    return written instanceof Node.Scalar scalar
        && (scalar.hidden()
            || (scalar.type() == Node.Type.TEXT && Expansion.isExpanded(scalar.text())));
  }

  /**
   * @param otherwise the default, as it would be written
   */
  <T> T read(String key, Kind<T> kind, String otherwise) {
    if (!has(key)) {
      write(key, otherwise, kind);
    }
    return find(key, kind).or(() -> kind.parse(otherwise)).orElseThrow();
  }

  /** What is there of it; nothing when the key is not there. */
  <T> List<Located<T>> list(String key, Kind<T> kind) {
    return list(key, kind, texts -> texts);
  }

  /** The same for the arguments of a program, of which some may be secrets. */
  <T> List<Located<T>> arguments(String key, Kind<T> kind) {
    return list(key, kind, Secrets::masked);
  }

  private <T> List<Located<T>> list(String key, Kind<T> kind, UnaryOperator<List<String>> shown) {
    Optional<Node> written = node.entry(key).map(Node.Entry::value);
    if (written.isEmpty()) {
      return List.of();
    }
    return switch (written.get()) {
      case Node.Unread told -> List.of();
      case Node.Scalar scalar -> notA(key, scalar, "a list", inList(kind.example()));
      case Node.Mapping group -> notA(key, group, "a list", inList(kind.example()));
      case Node.Sequence list -> {
        List<String> texts = list.items().stream().map(item -> shown(item, false)).toList();
        effective.put(key, shown.apply(texts));
        List<Located<T>> values = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
          Node item = list.items().get(i);
          desk.value(item, path(key) + "[" + i + "]", kind, false)
              .ifPresent(value -> values.add(new Located<>(value, item.place(), isHidden(item))));
        }
        yield List.copyOf(values);
      }
    };
  }

  private static String inList(String example) {
    return example.isEmpty() ? "" : "[" + example + "]";
  }

  private <T> List<T> notA(String key, Node found, String wanted, String example) {
    String what =
        switch (found) {
          case Node.Mapping _ -> "a group of keys";
          case Node.Sequence _ -> "a list";
          case Node.Unread _ -> "this";
          case Node.Scalar scalar ->
              scalar.type() == Node.Type.NOTHING ? "nothing" : "a single value";
        };
    desk.findings()
        .fault(
            found.place(),
            path(key)
                + ": "
                + what
                + " is not "
                + wanted
                + (example.isEmpty() ? "" : "; for example " + example));
    return List.of();
  }

  /** A group within it, whose keys are known; an empty one when it is not there. */
  Group group(String key, Keys.Group keys) {
    Group inside = named(key, keys.example());
    inside.refuseUnknown(keys);
    return inside;
  }

  /**
   * A group within it whose keys are names that people chose.
   *
   * @param example of such a group
   */
  Group named(String key, String example) {
    Optional<Node> written = node.entry(key).map(Node.Entry::value);
    Optional<Node.Mapping> inside = written.flatMap(some -> mapping(key, some, example));
    return new Group(
        inside.orElseGet(() -> new Node.Mapping(placeOf(key), List.of())),
        path(key),
        desk,
        effective.branch(key),
        inside.isPresent());
  }

  private Optional<Node.Mapping> mapping(String key, Node written, String example) {
    return switch (written) {
      case Node.Mapping group -> Optional.of(group);
      case Node.Unread told -> Optional.empty();
      case Node.Scalar scalar -> {
        notA(key, scalar, "a group of keys", example);
        yield Optional.empty();
      }
      case Node.Sequence list -> {
        notA(key, list, "a group of keys", example);
        yield Optional.empty();
      }
    };
  }

  /** The groups in a list of them. */
  List<Group> groups(String key, Keys.Group keys) {
    Optional<Node> written = node.entry(key).map(Node.Entry::value);
    if (written.isEmpty() || written.get() instanceof Node.Unread) {
      return List.of();
    }
    if (!(written.get() instanceof Node.Sequence list)) {
      return notA(key, written.get(), "a list", inList(keys.example()));
    }
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      String name = key + "[" + i + "]";
      Optional<Node.Mapping> inside = mapping(name, list.items().get(i), keys.example());
      if (inside.isPresent()) {
        Group group =
            new Group(
                inside.get(),
                path.isEmpty() ? name : path + "." + name,
                desk,
                effective.item(key),
                true);
        group.refuseUnknown(keys);
        groups.add(group);
      }
    }
    return List.copyOf(groups);
  }

  /** Its keys, in order, and where they stand. */
  List<Located<String>> names() {
    return node.entries().stream()
        .map(entry -> new Located<>(entry.key(), entry.place(), false))
        .toList();
  }

  private void refuseUnknown(Keys.Group keys) {
    for (Node.Entry entry : node.entries()) {
      if (keys.member(entry.key()).isEmpty()) {
        ForeignKeys.tell(keys, entry, path(entry.key()), desk.findings());
      }
    }
  }

  /** The whole file. */
  static Group root(Node.Mapping node, Desk desk, YamlGroup effective) {
    Group root = new Group(node, "", desk, effective, true);
    root.refuseUnknown(Keys.ROOT);
    return root;
  }

  /** Whether the key has a list under it with nothing in it. */
  boolean isEmptyList(String key) {
    return node.entry(key)
        .map(Node.Entry::value)
        .filter(value -> value instanceof Node.Sequence list && list.items().isEmpty())
        .isPresent();
  }

  /** Whether there is such a group in the file, and not something else in its place. */
  boolean isWritten() {
    return written;
  }

  /** For what was not written, but counts. */
  YamlGroup effective() {
    return effective;
  }
}
