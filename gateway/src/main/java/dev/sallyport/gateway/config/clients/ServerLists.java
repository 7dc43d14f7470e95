package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the lists of servers in a client's file, and what the client says of them elsewhere. */
final class ServerLists {
  private static final int MOST_NAMED = 5;

  private final ClientFile file;
  private final Findings findings;
  private final List<Listed> lists = new ArrayList<>();
  private final Set<String> known = new LinkedHashSet<>(List.of("$schema"));

  /**
   * One list.
   *
   * @param path how it is called in messages
   * @param folder where relative paths start
   * @param off whether a server is switched off by its name
   */
  record Listed(
      String path, Node.Mapping servers, Path folder, Switches off, Map<String, String> inputs) {}

  /** What a client says of servers by their names. */
  record Switches(Set<String> off, Optional<Set<String>> only) {
    static final Switches NONE = new Switches(Set.of(), Optional.empty());

    boolean isOff(String name) {
      return off.contains(name) || only.filter(names -> !names.contains(name)).isPresent();
    }
  }

  private ServerLists(ClientFile file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  static List<Listed> of(ClientFile file, Findings findings) {
    ServerLists lists = new ServerLists(file, findings);
    lists.find();
    lists.tellOthers();
    return List.copyOf(lists.lists);
  }

  private void find() {
    Node.Mapping root = file.root();
    switch (file.client()) {
      case VSCODE -> {
        Map<String, String> inputs = inputs(root);
        add(root, "", "servers", file.folder(), Switches.NONE, inputs);
        group(root, "", "mcp")
            .ifPresent(
                mcp -> {
                  Map<String, String> all = new LinkedHashMap<>(inputs);
                  all.putAll(inputs(mcp));
                  add(mcp, "mcp.", "servers", file.folder(), Switches.NONE, all);
                });
      }
      case CODEX -> add(root, "", "mcp_servers", file.folder(), Switches.NONE, Map.of());
      case GEMINI -> add(root, "", "mcpServers", file.folder(), switchesOfGemini(root), Map.of());
      case CLAUDE_CODE -> {
        add(root, "", "mcpServers", file.folder(), Switches.NONE, Map.of());
        projects(root);
      }
      case CLAUDE_DESKTOP, CURSOR, WINDSURF, INSPECTOR ->
          add(root, "", "mcpServers", file.folder(), Switches.NONE, Map.of());
    }
  }

  private void add(
      Node.Mapping from,
      String before,
      String key,
      Path folder,
      Switches off,
      Map<String, String> inputs) {
    group(from, before, key)
        .ifPresent(servers -> lists.add(new Listed(before + key, servers, folder, off, inputs)));
  }

  /** A group of keys in another one, if there is one; something else in its place is a fault. */
  private Optional<Node.Mapping> group(Node.Mapping from, String before, String key) {
    if (before.isEmpty()) {
      known.add(key);
    }
    Optional<Node> value = from.entry(key).map(Node.Entry::value);
    if (value.isEmpty() || Values.isNothing(value.get())) {
      return Optional.empty();
    }
    if (value.get() instanceof Node.Mapping inside) {
      return Optional.of(inside);
    }
    findings.fault(value.get().place(), before + key + " is not a group of keys");
    return Optional.empty();
  }

  /** {@code ~/.claude.json} has servers of each project. */
  private void projects(Node.Mapping root) {
    for (Node.Entry project :
        group(root, "", "projects").map(Node.Mapping::entries).orElse(List.of())) {
      if (project.value() instanceof Node.Mapping inside) {
        String before = "projects." + Shown.name(project.key()) + ".";
        Set<String> off = names(inside, "disabledMcpServers").orElse(Set.of());
        add(
            inside,
            before,
            "mcpServers",
            folder(project.key()),
            new Switches(off, Optional.empty()),
            Map.of());
      }
    }
  }

  private Path folder(String project) {
    try {
      return file.folder().resolve(project).normalize();
    } catch (IllegalArgumentException cannotBeOne) {
      return file.folder();
    }
  }

  private Switches switchesOfGemini(Node.Mapping root) {
    Optional<Node.Mapping> mcp = group(root, "", "mcp");
    return new Switches(
        mcp.flatMap(some -> names(some, "excluded")).orElse(Set.of()),
        mcp.flatMap(some -> names(some, "allowed")));
  }

  private Optional<Set<String>> names(Node.Mapping from, String key) {
    Optional<Node.Entry> entry = from.entry(key).filter(some -> !Values.isNothing(some.value()));
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<String>> names = Values.texts(entry.get().value());
    if (names.isEmpty()) {
      findings.fault(entry.get().place(), key + " is not a list of names");
    }
    return names.map(LinkedHashSet::new);
  }

  private Map<String, String> inputs(Node.Mapping from) {
    known.add("inputs");
    Map<String, String> inputs = new LinkedHashMap<>();
    if (from.entry("inputs").map(Node.Entry::value).orElse(from) instanceof Node.Sequence list) {
      for (Node item : list.items()) {
        if (item instanceof Node.Mapping input) {
          boolean secret = Values.text(input, "password").filter("true"::equals).isPresent();
          Values.text(input, "id")
              .ifPresent(
                  id -> inputs.put(id, secret ? "" : Values.text(input, "default").orElse("")));
        }
      }
    }
    return inputs;
  }

  /** The file may hold all else that the client can be told. */
  private void tellOthers() {
    List<Node.Entry> others =
        file.root().entries().stream().filter(entry -> !known.contains(entry.key())).toList();
    if (others.isEmpty()) {
      return;
    }
    List<String> named =
        others.stream().limit(MOST_NAMED).map(entry -> Shown.name(entry.key())).toList();
    int more = others.size() - named.size();
    findings.remark(
        others.getFirst().place(),
        String.join(", ", named)
            + (more > 0 ? " and " + more + " more" : "")
            + (others.size() == 1 ? " is" : " are")
            + " the client's own and left out");
  }
}
