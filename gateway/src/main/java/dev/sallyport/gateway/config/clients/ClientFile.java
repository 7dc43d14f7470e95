package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.FileText;
import dev.sallyport.gateway.config.Findings;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.YamlText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A client's file that was read, and whose it is.
 *
 * @param folder of the project that it belongs to: where relative paths of its servers start
 */
record ClientFile(Client client, Node.Mapping root, Path folder) {
  /** Folders in which clients keep the files of a project. */
  private static final Set<String> OF_PROJECTS = Set.of(".vscode", ".cursor", ".gemini", ".codex");

  /** Where the parser repeats what stands in the file; {@code <scalar>} is only what it is. */
  private static final Pattern REPEATED =
      Pattern.compile(
          "(tag handle|valid version:|escape character|character found|but found:?) (?!'?<)[^,]*");

  private static final String IN_TOML = "mcp_servers";
  private static final String UNKNOWN = "this is no file of a client that we know: ";
  private static final String NEITHER =
      UNKNOWN + "it is no JSON, which begins with {, and from here on no TOML";
  private static final String NONE_OF_THEIRS =
      UNKNOWN + "it has none of mcpServers, servers, mcp_servers";

  /** Empty when it cannot be read, or says nothing of servers, which has then been told. */
  static Optional<ClientFile> read(Path file, Optional<Client> from, Findings findings) {
    return switch (FileText.read(file, ConfigReader.MOST_BYTES)) {
      case FileText.Text(String text) -> read(text, file, from, findings);
      case FileText.Unreadable(String why) -> {
        findings.fault(new Place.WholeFile(), "this file " + why);
        yield Optional.empty();
      }
      case FileText.NotUtf8(int line, int column) -> {
        findings.fault(new Place.InText(line, column), "this is not UTF-8");
        yield Optional.empty();
      }
    };
  }

  private static Optional<ClientFile> read(
      String text, Path file, Optional<Client> from, Findings findings) {
    String plain = JsonComments.blanked(text);
    boolean toml =
        from.map(client -> client == Client.CODEX)
            .orElseGet(() -> !plain.stripLeading().startsWith("{"));
    Findings wrong = new Findings();
    Optional<Node> read =
        plain.isBlank() ? Optional.empty() : toml ? TomlText.read(text, wrong) : json(plain, wrong);
    if (!(read.orElse(new Node.Unread(new Place.WholeFile())) instanceof Node.Mapping root)) {
      boolean meant = !toml || from.isPresent() || text.contains(IN_TOML);
      tellUnread(wrong, meant, findings);
      return Optional.empty();
    }
    Optional<Client> client = from.or(() -> recognized(root, file));
    if (client.isEmpty()) {
      findings.fault(new Place.WholeFile(), NONE_OF_THEIRS);
    } else {
      pass(wrong, findings);
    }
    return client
        .filter(whose -> wrong.sound())
        .map(whose -> new ClientFile(whose, root, project(file)));
  }

  /**
   * What may be any file at all is not repeated: it may be full of secrets.
   *
   * @param meant whether it seems to be what it was read as
   */
  private static void tellUnread(Findings wrong, boolean meant, Findings findings) {
    if (wrong.sound()) {
      findings.fault(new Place.WholeFile(), "this says nothing of servers");
    } else if (meant) {
      pass(wrong, findings);
    } else {
      findings.fault(wrong.faults().getFirst().place(), NEITHER);
    }
  }

  private static void pass(Findings from, Findings to) {
    from.faults().forEach(fault -> to.fault(fault.place(), fault.text()));
  }

  /** JSON is YAML, but whoever wrote it need not know. */
  private static Optional<Node> json(String text, Findings findings) {
    Findings ofYaml = new Findings();
    Optional<Node> read = YamlText.read(text, ofYaml);
    for (ConfigFault fault : ofYaml.faults()) {
      String told = fault.text().replaceFirst("^this is not YAML", "this is not JSON");
      findings.fault(fault.place(), REPEATED.matcher(told).replaceAll("$1 …"));
    }
    return read;
  }

  private static Path project(Path file) {
    Path folder = parent(file.toAbsolutePath().normalize());
    Path name = Optional.ofNullable(folder.getFileName()).orElse(folder);
    return OF_PROJECTS.contains(name.toString()) ? parent(folder) : folder;
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  /** By what only one of them writes, and then by the file's name. */
  private static Optional<Client> recognized(Node.Mapping root, Path file) {
    if (root.entry(IN_TOML).isPresent()) {
      return Optional.of(Client.CODEX);
    }
    if (root.entry("servers").isPresent() || inside(root, "mcp", "servers")) {
      return Optional.of(Client.VSCODE);
    }
    if (root.entry("projects").isPresent()) {
      return Optional.of(Client.CLAUDE_CODE);
    }
    if (root.entry("mcpServers").isEmpty()) {
      return Optional.empty();
    }
    return byServers(root).or(() -> byName(file)).or(() -> Optional.of(Client.CLAUDE_CODE));
  }

  private static boolean inside(Node.Mapping root, String key, String inner) {
    return root.entry(key)
        .filter(entry -> entry.value() instanceof Node.Mapping in && in.entry(inner).isPresent())
        .isPresent();
  }

  private static Optional<Client> byServers(Node.Mapping root) {
    if (someHas(root, List.of("httpUrl", "includeTools", "excludeTools"))) {
      return Optional.of(Client.GEMINI);
    }
    if (someHas(root, List.of("serverUrl", "disabledTools"))) {
      return Optional.of(Client.WINDSURF);
    }
    return someHas(root, List.of("protocolEra")) ? Optional.of(Client.INSPECTOR) : Optional.empty();
  }

  private static boolean someHas(Node.Mapping root, List<String> keys) {
    return root.entry("mcpServers")
        .map(Node.Entry::value)
        .filter(
            servers ->
                servers instanceof Node.Mapping all
                    && all.entries().stream()
                        .anyMatch(
                            entry ->
                                entry.value() instanceof Node.Mapping server
                                    && keys.stream()
                                        .anyMatch(key -> server.entry(key).isPresent())))
        .isPresent();
  }

  private static Optional<Client> byName(Path file) {
    String path = file.toAbsolutePath().normalize().toString().replace('\\', '/');
    String name = path.substring(path.lastIndexOf('/') + 1);
    return switch (name) {
      case "claude_desktop_config.json" -> Optional.of(Client.CLAUDE_DESKTOP);
      case ".mcp.json", ".claude.json" -> Optional.of(Client.CLAUDE_CODE);
      case "mcp_config.json" -> Optional.of(Client.WINDSURF);
      case "settings.json" -> Optional.of(Client.GEMINI);
      default -> path.endsWith(".cursor/mcp.json") ? Optional.of(Client.CURSOR) : Optional.empty();
    };
  }
}
