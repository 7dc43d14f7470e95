package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Our own place in the kernel's tree of control groups, as {@code /proc/self} tells it. Of version
 * 1 each controller has a tree of its own, version 2 has one tree.
 *
 * @param proc {@code /proc/self}
 */
record CgroupFiles(Path proc) {
  static final CgroupFiles OURS = new CgroupFiles(Path.of("/proc/self"));

  /** Our folder in the tree of one controller of version 1. */
  Optional<Path> ofController(String controller) {
    return find(
        "cgroup",
        options -> List.of(options.split(",", -1)).contains(controller),
        names -> List.of(names.split(",", -1)).contains(controller));
  }

  /** Our folder in the tree of version 2. */
  Optional<Path> unified() {
    return find("cgroup2", options -> true, String::isEmpty);
  }

  private interface Test {
    boolean holds(String text);
  }

  private Optional<Path> find(String type, Test mounted, Test member) {
    Optional<String> own = own(member);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    try (Stream<String> mounts = lines("mountinfo")) {
      return mounts
          .map(line -> line.split(" - ", 2))
          .filter(halves -> halves.length == 2)
          .flatMap(halves -> folder(halves[0], halves[1], type, mounted, own.get()).stream())
          .filter(Files::isDirectory)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads a line of mountinfo: proc(5). What is mounted may be a part of the tree only. */
  private static Optional<Path> folder(
      String where, String what, String type, Test mounted, String own) {
    String[] place = where.split(" ", -1);
    String[] kind = what.split(" ", -1);
    if (place.length < 5 || kind.length < 3 || !kind[0].equals(type) || !mounted.holds(kind[2])) {
      return Optional.empty();
    }
    Path root = Path.of(place[3]);
    Path ours = Path.of(own);
    return ours.startsWith(root)
        ? Optional.of(Path.of(place[4]).resolve(root.relativize(ours)))
        : Optional.empty();
  }

  private Optional<String> own(Test member) {
    try (Stream<String> groups = lines("cgroup")) {
      return groups
          .map(line -> line.split(":", 3))
          .filter(fields -> fields.length == 3 && member.holds(fields[1]))
          .map(fields -> fields[2])
          .filter(path -> path.startsWith("/"))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Stream<String> lines(String file) throws IOException {
    // All at once: the kernel writes such a file while it is read.
    return Arrays.stream(
        Files.readString(proc.resolve(file), StandardCharsets.ISO_8859_1).split("\n", -1));
  }

  /** Whether a file of one of our groups names that word. */
  static boolean names(Path file, String word) {
    try {
      return List.of(Files.readString(file).trim().split("\\s+", -1)).contains(word);
    } catch (IOException e) {
      return false;
    }
  }
}
