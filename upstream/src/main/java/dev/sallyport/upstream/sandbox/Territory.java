package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells apart what belongs to the system, to the user, and to us.
 *
 * @param homes the folders that hold people's own, by every name
 * @param data Sallyport's own, by every name
 * @param programs what Sallyport consists of, by its real name; as far as that is known
 */
record Territory(Set<Path> homes, Set<Path> data, Set<Path> programs) {
  private static final Set<Path> PROGRAMS =
      paths("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix");

  private static final Set<Path> MACHINE = paths("/proc", "/sys", "/dev", "/boot");

  // Folders of many owners: whoever names a file in one means the file.
  private static final Set<Path> COMMON =
      paths(
          "/",
          "/etc",
          "/home",
          "/root",
          "/run",
          "/tmp",
          "/var",
          "/var/lib",
          "/var/tmp",
          "/mnt",
          "/media",
          "/srv");

  private static final List<String> PROJECT =
      List.of("package.json", "pyproject.toml", "go.mod", "Cargo.toml", "pom.xml");

  /** Of a program's folder, beside what is a project of its own. */
  private static final Set<String> PARTS = Set.of("docs", "examples", "target");

  Territory {
    homes = Set.copyOf(homes);
    data = Set.copyOf(data);
    programs = Set.copyOf(programs);
  }

  static Territory of(SandboxSettings settings) {
    Path data = settings.places().data();
    return new Territory(
        Set.copyOf(
            Stream.of(settings.places().home(), settings.homeOfUser())
                .flatMap(home -> Stream.of(home, real(home)))
                .toList()
                .stream()
                .distinct()
                .filter(home -> home.getNameCount() > 0)
                .toList()),
        data.equals(real(data)) ? Set.of(data) : Set.of(data, real(data)),
        settings.places().program().map(Territory::real).stream().collect(Collectors.toSet()));
  }

  private static Set<Path> paths(String... paths) {
    return Set.copyOf(Stream.of(paths).map(Path::of).toList());
  }

  /** Without links, as far as it exists. */
  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException notThereYet) {
      Path parent = path.getParent();
      return parent == null
          ? path
          : real(parent).resolve(Objects.requireNonNull(path.getFileName()));
    }
  }

  /** Whether every program may read it anyway. */
  boolean isSystem(Path path) {
    return PROGRAMS.stream().anyMatch(path::startsWith);
  }

  /** Whether it is no place for files at all. */
  boolean isMachine(Path path) {
    return MACHINE.stream().anyMatch(path::startsWith);
  }

  boolean isEtc(Path path) {
    return path.startsWith("/etc");
  }

  /** Whether it is, or holds, a home or all of something that many share. */
  boolean isWide(Path folder) {
    return holdsHome(folder) || COMMON.contains(folder);
  }

  boolean holdsHome(Path folder) {
    return folder.getNameCount() == 0 || homes.stream().anyMatch(home -> home.startsWith(folder));
  }

  boolean isOurs(Path path) {
    return data.stream().anyMatch(path::startsWith);
  }

  /**
   * Whether Sallyport consists of it. Beside its own, the folder of a program may hold what people
   * put there: {@code ./notes}, in a clone.
   */
  boolean isProgram(Path real) {
    for (Path program : programs) {
      if (real.equals(program)) {
        return true;
      }
      if (real.startsWith(program)) {
        Path entry = program.resolve(real.getName(program.getNameCount()));
        String name = String.valueOf(entry.getFileName());
        return name.startsWith(".")
            || PARTS.contains(name)
            || Files.isRegularFile(entry)
            || PROJECT.stream().map(entry::resolve).anyMatch(Files::exists);
      }
    }
    return false;
  }

  /** The home that a path lies in. */
  Optional<Path> homeOf(Path path) {
    return homes.stream().filter(home -> path.startsWith(home) && !path.equals(home)).findFirst();
  }

  /**
   * The folder of the project that a file is part of. With a repository, that is all of it: the
   * nearest package alone would lack what it shares with its neighbours.
   */
  Optional<Path> project(Path file) {
    Optional<Path> packages = outermostPackages(file);
    if (packages.isPresent()) {
      return packages;
    }
    Optional<Path> nearest = Optional.empty();
    for (Path folder = file.getParent();
        folder != null && !isWide(folder) && !isSystem(folder);
        folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return Optional.of(folder);
      }
      if (nearest.isEmpty() && PROJECT.stream().map(folder::resolve).anyMatch(Files::exists)) {
        nearest = Optional.of(folder);
      }
    }
    return nearest;
  }

  /** An installed package finds its neighbours beside it. */
  private Optional<Path> outermostPackages(Path file) {
    for (int names = 1; names < file.getNameCount(); names++) {
      if (file.getName(names).toString().equals("node_modules")) {
        Path root = Path.of("/").resolve(file.subpath(0, names));
        return isWide(root) ? Optional.of(root.resolve("node_modules")) : Optional.of(root);
      }
    }
    return Optional.empty();
  }
}
