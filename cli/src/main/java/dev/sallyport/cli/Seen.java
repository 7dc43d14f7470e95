package dev.sallyport.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What some files looked like at one time, links followed; what is in them was not read.
 *
 * @param looks empty for one that was not there
 */
record Seen(Map<Path, Optional<Look>> looks) {
  static final Seen NOTHING = new Seen(Map.of());

  Seen {
    looks = Map.copyOf(looks);
  }

  /** What tells a file from one that took its place. */
  record Look(FileTime modified, long size, Optional<Object> key) {}

  static Seen of(Collection<Path> files) {
    Map<Path, Optional<Look>> looks = new HashMap<>();
    files.forEach(file -> looks.put(file, look(file)));
    return new Seen(looks);
  }

  private static Optional<Look> look(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Look(found.lastModifiedTime(), found.size(), Optional.ofNullable(found.fileKey())));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The same files, as they are. */
  Seen now() {
    return of(looks.keySet());
  }

  /** Whether all were there. */
  boolean isWhole() {
    return looks.values().stream().allMatch(Optional::isPresent);
  }

  Seen and(Seen other) {
    Map<Path, Optional<Look>> both = new HashMap<>(looks);
    both.putAll(other.looks);
    return new Seen(both);
  }
}
