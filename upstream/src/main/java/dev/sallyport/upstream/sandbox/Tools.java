package dev.sallyport.upstream.sandbox;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The system's programs that a sandbox is made with, as far as they are there.
 *
 * @param bubblewrap gives namespaces
 * @param prlimit sets limits of one process
 * @param setpriv changes the user and gives up privileges
 */
record Tools(Optional<Path> bubblewrap, Optional<Path> prlimit, Optional<Path> setpriv) {
  /** The shell that every Unix has. It gets a constant script and nothing else to read as one. */
  static final Path SHELL = Path.of("/bin/sh");

  /**
   * @param path the folders to look in, as PATH has them
   */
  static Tools on(String path) {
    return new Tools(find("bwrap", path), find("prlimit", path), find("setpriv", path));
  }

  /** The program of that name; relative folders do not count, whoever put them there. */
  static Optional<Path> find(String name, String path) {
    return Stream.of(path.split(":", -1))
        .filter(folder -> folder.startsWith("/"))
        .flatMap(folder -> resolve(folder, name).stream())
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static Optional<Path> resolve(String folder, String name) {
    try {
      return Optional.of(Path.of(folder, name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
