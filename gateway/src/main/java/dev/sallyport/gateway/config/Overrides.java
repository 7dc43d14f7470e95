package dev.sallyport.gateway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets the environment replace values of the file: {@code SALLYPORT_LIMITS__MAX_BODY}, or the same
 * with {@code _FILE} at the end for a file that holds the value, as container platforms hand over
 * secrets. Such values are taken as they are and not expanded: a shell or a platform has had them.
 */
final class Overrides {
  private static final String PREFIX = "SALLYPORT_";
  private static final String IN_FILE = "_FILE";

  /** Those that other parts of Sallyport read, or that mark its processes. */
  static final Set<String> OF_OTHERS =
      Set.of(
          "SALLYPORT_CHILD",
          "SALLYPORT_DATA_DIR",
          "SALLYPORT_DEBUG",
          "SALLYPORT_INTEROP_MARK",
          "SALLYPORT_JAVA_HOME",
          "SALLYPORT_JAVA_OPTS",
          "SALLYPORT_KEY",
          "SALLYPORT_LOG",
          "SALLYPORT_TEST_AS_BUILT",
          "SALLYPORT_UNDER_TEST");

  /** Kubernetes sets these in every container beside a service that is called sallyport. */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile(
          "SALLYPORT_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)"
              + "(?:_(?:PROTO|PORT|ADDR))?)?)");

  private final Map<String, String> environment;
  private final Path folder;
  private final Findings findings;

  Overrides(Map<String, String> environment, Path folder, Findings findings) {
    this.environment = new TreeMap<>(environment);
    this.folder = folder;
    this.findings = findings;
  }

  /** Where a variable's name leads. */
  private sealed interface Target {
    record Found(List<String> path, Keys keys) implements Target {}

    /**
     * @param why a sentence without its subject, which is the variable
     */
    record Nowhere(String why, boolean near) implements Target {}
  }

  Node.Mapping apply(Node.Mapping root) {
    Node.Mapping changed = root;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (name.startsWith(PREFIX)
          && !OF_OTHERS.contains(name)
          && !OF_KUBERNETES.matcher(name).matches()) {
        changed = apply(changed, name, variable.getValue());
      }
    }
    return changed;
  }

  private Node.Mapping apply(Node.Mapping root, String name, String value) {
    Place place = new Place.InVariable(name);
    List<String> words = List.of(name.substring(PREFIX.length()).split("__", -1));
    return switch (locate(Keys.ROOT, root, words, List.of())) {
      case Target.Found(List<String> path, Keys keys) ->
          set(root, path, node(keys, place, value, false));
      case Target.Nowhere(String why, boolean near) ->
          name.endsWith(IN_FILE)
              ? applyFile(root, name, value)
              : refused(root, place, why, near || words.size() > 1);
    };
  }

  private Node.Mapping applyFile(Node.Mapping root, String name, String value) {
    Place place = new Place.InVariable(name);
    String bare = name.substring(0, name.length() - IN_FILE.length());
    List<String> words = List.of(bare.substring(PREFIX.length()).split("__", -1));
    return switch (locate(Keys.ROOT, root, words, List.of())) {
      case Target.Found(List<String> path, Keys keys) -> {
        if (environment.containsKey(bare)) {
          findings.fault(place, "sets the same as " + bare + "; leave one of them out");
        }
        yield set(root, path, fromFile(keys, place, value));
      }
      case Target.Nowhere(String why, boolean near) ->
          refused(root, place, why, near || words.size() > 1);
    };
  }

  /** Only what looks like configuration is a fault: others may begin their names like ours. */
  private Node.Mapping refused(Node.Mapping root, Place place, String why, boolean meant) {
    if (meant) {
      findings.fault(place, why);
    } else {
      findings.remark(place, why + "; it is ignored");
    }
    return root;
  }

  private static Target locate(Keys keys, Node at, List<String> words, List<String> path) {
    return switch (keys) {
      case Keys.One() -> end(keys, words, path);
      case Keys.Several() -> end(keys, words, path);
      case Keys.InFile() ->
          new Target.Nowhere("cannot set " + String.join(".", path) + "; only the file can", true);
      case Keys.Group group -> inGroup(group, at, words, path);
      case Keys.Named(Keys each, Keys.Naming naming) -> inNamed(each, naming, at, words, path);
    };
  }

  private static Target end(Keys keys, List<String> words, List<String> path) {
    return words.isEmpty()
        ? new Target.Found(path, keys)
        : new Target.Nowhere(
            "sets nothing: " + String.join(".", path) + " has no parts; it is " + variable(path),
            true);
  }

  private static Target inGroup(Keys.Group group, Node at, List<String> words, List<String> path) {
    if (words.isEmpty()) {
      return new Target.Nowhere(
          "sets nothing: "
              + String.join(".", path)
              + " has parts, "
              + variable(with(path, group.names().getFirst()))
              + " for example",
          true);
    }
    String word = words.getFirst();
    Optional<String> key =
        group.names().stream().filter(name -> asVariable(name).equals(word)).findFirst();
    if (key.isEmpty()) {
      Optional<String> near =
          Nearest.to(word, group.names().stream().map(Overrides::asVariable).toList());
      return new Target.Nowhere(
          "sets nothing that there is"
              + near.map(some -> "; did you mean " + variable(with(path, some)) + "?").orElse(""),
          near.isPresent());
    }
    // Whichever block the file has its servers in.
    String there = key.get().equals("servers") && has(at, "mcpServers") ? "mcpServers" : key.get();
    return locate(
        group.member(there).orElseThrow(), below(at, there), rest(words), with(path, there));
  }

  private static Target inNamed(
      Keys each, Keys.Naming naming, Node at, List<String> words, List<String> path) {
    List<String> names =
        at instanceof Node.Mapping mapping
            ? mapping.entries().stream().map(Node.Entry::key).toList()
            : List.of();
    if (words.isEmpty()) {
      return new Target.Nowhere(
          "sets nothing: " + String.join(".", path) + " has parts with names of their own", true);
    }
    String word = words.getFirst();
    Optional<String> known =
        names.stream().filter(name -> asVariable(name).equals(word)).findFirst();
    Optional<String> name =
        known.or(
            () ->
                switch (naming) {
                  case KNOWN -> Optional.empty();
                  // X_FILE is read as the file of X, unless the file knows it by that name.
                  case AS_WRITTEN -> added(word);
                  case HYPHENS -> added(word).map(some -> some.replace('_', '-'));
                });
    if (name.isEmpty()) {
      Optional<String> near = Nearest.to(word, names.stream().map(Overrides::asVariable).toList());
      return new Target.Nowhere(
          "sets nothing: "
              + String.join(".", path)
              + " has none of that name"
              + near.map(
                      some -> "; did you mean " + variable(with(path, some)) + below(words) + "?")
                  .orElse(""),
          true);
    }
    return locate(each, below(at, name.get()), rest(words), with(path, name.get()));
  }

  private static Optional<String> added(String word) {
    return Optional.of(word).filter(some -> !some.isEmpty() && !some.endsWith(IN_FILE));
  }

  private Node fromFile(Keys keys, Place place, String file) {
    Path path;
    try {
      path = folder.resolve(file);
    } catch (InvalidPathException e) {
      findings.fault(place, "names no file that could be");
      return new Node.Unread(place);
    }
    return switch (FileText.read(path, Expansion.MOST_OF_A_FILE)) {
      case FileText.Text(String text) -> node(keys, place, Expansion.withoutLineEnd(text), true);
      case FileText.Unreadable(String why) -> {
        findings.fault(place, "the file " + Shown.line(file) + " " + why);
        yield new Node.Unread(place);
      }
      case FileText.NotUtf8(int _, int _) -> {
        findings.fault(place, "the file " + Shown.line(file) + " is not UTF-8");
        yield new Node.Unread(place);
      }
    };
  }

  private static Node node(Keys keys, Place place, String text, boolean hidden) {
    if (!(keys instanceof Keys.Several)) {
      return new Node.Scalar(place, text, Node.Type.ANY, hidden);
    }
    List<Node> items =
        Stream.of(text.split(",", -1))
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .<Node>map(item -> new Node.Scalar(place, item, Node.Type.ANY, hidden))
            .toList();
    return new Node.Sequence(place, items);
  }

  private static Node.Mapping set(Node.Mapping at, List<String> path, Node value) {
    String key = path.getFirst();
    if (path.size() == 1) {
      return at.with(new Node.Entry(key, value.place(), value));
    }
    Node next =
        at.entry(key)
            .map(Node.Entry::value)
            .orElseGet(() -> new Node.Mapping(value.place(), List.of()));
    // What is of another kind will be found fault with, and stays to be.
    return next instanceof Node.Mapping mapping
        ? at.with(
            new Node.Entry(
                key,
                at.entry(key).map(Node.Entry::place).orElse(value.place()),
                set(mapping, rest(path), value)))
        : at;
  }

  private static boolean has(Node at, String key) {
    return at instanceof Node.Mapping mapping && mapping.entry(key).isPresent();
  }

  private static Node below(Node at, String key) {
    return at instanceof Node.Mapping mapping
        ? mapping.entry(key).map(Node.Entry::value).orElse(new Node.Unread(at.place()))
        : new Node.Unread(at.place());
  }

  private static <T> List<T> rest(List<T> words) {
    return words.subList(1, words.size());
  }

  private static List<String> with(List<String> path, String next) {
    List<String> longer = new ArrayList<>(path);
    longer.add(next);
    return List.copyOf(longer);
  }

  /** What follows the first of these words in a variable's name. */
  private static String below(List<String> words) {
    return String.join("", rest(words).stream().map(word -> "__" + word).toList());
  }

  /** The variable that would set it. */
  private static String variable(List<String> path) {
    return PREFIX + String.join("__", path.stream().map(Overrides::asVariable).toList());
  }

  private static String asVariable(String key) {
    StringBuilder word = new StringBuilder();
    key.codePoints()
        .map(Character::toUpperCase)
        .map(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_')
        .forEach(word::appendCodePoint);
    return word.toString();
  }
}
