package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where a program lives, with what it needs to run: the folder of its tool, of each link on the way
 * to it, and of the interpreter that a script names.
 */
final class ToolRoots {
  private static final int LINKS = 40;
  private static final int INTERPRETERS = 4;
  private static final int FIRST_LINE = 256;

  // Whole tools in a home, by what they call their folder. Of Cargo's and Deno's only the programs:
  // beside them lies what opens a registry.
  private static final List<String> TOOLS =
      List.of(
          ".nvm",
          ".pyenv",
          ".volta",
          ".asdf",
          ".cargo/bin",
          ".rustup",
          ".bun/bin",
          ".bun/install",
          ".deno/bin",
          ".sdkman",
          ".rbenv",
          ".fnm",
          ".local/bin",
          ".local/lib",
          ".local/share/uv",
          ".local/share/mise",
          ".local/share/pipx",
          ".local/share/fnm",
          ".local/share/pnpm",
          ".jdks");

  private final Territory territory;
  private final String path;
  private final boolean projects;
  private final Set<Path> found = new LinkedHashSet<>();

  /**
   * @param path where programs are looked for
   * @param projects whether a program brings along the project that it is part of
   */
  ToolRoots(Territory territory, String path, boolean projects) {
    this.territory = territory;
    this.path = path;
    this.projects = projects;
  }

  /** The folders, and single files where a folder would be too much. */
  List<Path> of(Path program) {
    follow(program, INTERPRETERS);
    return List.copyOf(found);
  }

  private void follow(Path program, int interpreters) {
    Path last = program;
    for (Path hop : hops(program)) {
      if (!territory.isSystem(hop)) {
        found.add(root(hop));
      }
      last = hop;
    }
    if (interpreters > 0) {
      interpreter(last).ifPresent(next -> follow(next, interpreters - 1));
    }
  }

  /** The program by each of its names, the real one last. */
  private static List<Path> hops(Path program) {
    List<Path> hops = new ArrayList<>();
    Path hop = program.toAbsolutePath().normalize();
    hops.add(hop);
    try {
      while (Files.isSymbolicLink(hop) && hops.size() < LINKS) {
        hop = hop.resolveSibling(Files.readSymbolicLink(hop)).normalize();
        hops.add(hop);
      }
    } catch (IOException e) {
      return hops; // What cannot be read cannot be run either; the start tells.
    }
    Path real = Territory.real(hop);
    if (!real.equals(hop)) {
      hops.add(real);
    }
    return hops;
  }

  private Path root(Path file) {
    Optional<Path> home = territory.homeOf(file);
    if (home.isPresent()) {
      Path within = home.get().relativize(file);
      for (String tool : TOOLS) {
        if (within.startsWith(tool)) {
          return home.get().resolve(tool);
        }
      }
    }
    Path folder = Objects.requireNonNullElse(file.getParent(), file);
    if (folder.endsWith("bin")) {
      Path above = Objects.requireNonNullElse(folder.getParent(), folder);
      return territory.isWide(above) ? folder : above;
    }
    Optional<Path> project = projects ? territory.project(file) : Optional.empty();
    return project.orElse(territory.isWide(folder) ? file : folder);
  }

  /** What a script's first line names: a path, or a name for {@code env} to find. */
  private Optional<Path> interpreter(Path script) {
    byte[] head;
    try (InputStream bytes = Files.newInputStream(script)) {
      head = bytes.readNBytes(FIRST_LINE);
    } catch (IOException e) {
      return Optional.empty();
    }
    String text = new String(head, StandardCharsets.UTF_8);
    if (!text.startsWith("#!") || text.indexOf('\n') < 0) {
      return Optional.empty();
    }
    String[] words = text.substring(2, text.indexOf('\n')).trim().split("\\s+", -1);
    if (!words[0].startsWith("/")) {
      return Optional.empty();
    }
    if (!words[0].endsWith("/env")) {
      return Optional.of(Path.of(words[0]));
    }
    for (int at = 1; at < words.length; at++) {
      if (!words[at].startsWith("-") && words[at].indexOf('=') < 0) {
        return Tools.find(words[at], path);
      }
    }
    return Optional.empty();
  }
}
