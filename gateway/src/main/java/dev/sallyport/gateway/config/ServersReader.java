package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the servers, ours or those of a client's block, and sees that they can be told apart. */
final class ServersReader {
  /** A name as {@code share --name} takes it. */
  static final String FIT = "[A-Za-z0-9][A-Za-z0-9_-]{0,40}";

  private static final String EXAMPLE = "{notes: {command: npx}}";
  private static final int LONGEST_FOREIGN = 64;

  private final Map<String, String> environment;
  private final Path folder;

  ServersReader(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /**
   * What there is.
   *
   * @param named all names in the file, whatever is wrong with their servers
   */
  record Servers(List<ServerConfig> enabled, List<String> disabled, List<String> named) {}

  Servers read(Group root) {
    boolean foreign = root.has("mcpServers");
    if (foreign && root.has("servers")) {
      root.fault("mcpServers", "and servers are two lists of the same; move them into one");
    }
    // Both are read all the same: every fault is to be found at once.
    List<ServerConfig> enabled = new ArrayList<>();
    List<String> disabled = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (String block : List.of("servers", "mcpServers")) {
      Group servers = root.named(block, EXAMPLE);
      for (Located<String> name : servers.names()) {
        checkName(servers, name, block.equals("mcpServers"));
        named.add(name.value());
        ServerReader reader = new ServerReader(servers, name, environment, folder);
        // What is wrong with one that is not offered is to be found as well.
        Optional<ServerConfig> server = reader.read();
        if (reader.enabled()) {
          server.ifPresent(enabled::add);
        } else {
          disabled.add(name.value());
        }
      }
    }
    refuseNone(root, named, disabled);
    refuseClashes(root, enabled);
    return new Servers(List.copyOf(enabled), List.copyOf(disabled), List.copyOf(named));
  }

  private static void checkName(Group servers, Located<String> name, boolean foreign) {
    String text = name.value();
    boolean fit =
        foreign
            ? !text.isBlank()
                && text.length() <= LONGEST_FOREIGN
                && text.codePoints().allMatch(Shown::isPrintable)
            : text.matches(FIT);
    if (!fit) {
      String rule =
          foreign
              ? "1 to 64 characters that can be seen"
              : "1 to 41 of A-Z a-z 0-9 _ - and starts with a letter or a digit";
      servers.desk().findings().fault(name.place(), servers.path(text) + ": a name is " + rule);
    }
  }

  private static void refuseNone(Group root, List<String> named, List<String> disabled) {
    String key = root.has("mcpServers") ? "mcpServers" : "servers";
    if (!named.isEmpty() && named.size() == disabled.size()) {
      root.fault(key, "has no server that is enabled");
    } else if (named.isEmpty() && !root.has(key)) {
      root.desk()
          .findings()
          .fault(new Place.WholeFile(), "there are no servers here; begin with  servers:");
    } else if (named.isEmpty() && root.named(key, EXAMPLE).isWritten()) {
      root.fault(key, "has no server");
    }
  }

  private static void refuseClashes(Group root, List<ServerConfig> enabled) {
    Map<String, String> taken = new HashMap<>();
    for (ServerConfig server : enabled) {
      Optional<String> first =
          Optional.ofNullable(taken.putIfAbsent(server.prefix(), server.name()));
      if (first.isPresent()) {
        root.desk()
            .findings()
            .fault(
                server.definition(),
                Shown.name(server.name())
                    + " has the same prefix as "
                    + Shown.name(first.get())
                    + "; set prefix for one of them");
      }
    }
  }

  /** A prefix made of a name; empty when it holds no letter or digit of ASCII. */
  static Optional<String> prefix(String name) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
    String cut = plain.substring(0, Math.min(plain.length(), 24)).replaceAll("-+$", "");
    return Optional.of(cut).filter(some -> !some.isEmpty());
  }
}
