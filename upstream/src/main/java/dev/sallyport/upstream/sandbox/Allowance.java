package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A path that a server may use, with all below it.
 *
 * @param seen where the server finds it
 * @param real where it is
 */
record Allowance(Path seen, Path real, boolean write) {
  static Allowance read(Path path) {
    return new Allowance(path, Territory.real(path), false);
  }

  static Allowance write(Path path) {
    return new Allowance(path, Territory.real(path), true);
  }

  private boolean covers(Allowance other) {
    return (write || !other.write)
        && other.seen.startsWith(seen)
        && other.real.equals(real.resolve(seen.relativize(other.seen)));
  }

  /**
   * The same, but for what is never to be written: it may only be read, also where it lies below
   * something that may be written.
   */
  static List<Allowance> guard(List<Allowance> settled, Territory territory) {
    List<Allowance> guarded = new ArrayList<>();
    for (Allowance one : settled) {
      guarded.add(territory.isProgram(one.real) ? new Allowance(one.seen, one.real, false) : one);
      for (Path path : territory.programs()) {
        if (one.write && path.startsWith(one.real) && !path.equals(one.real)) {
          guarded.add(new Allowance(one.seen.resolve(one.real.relativize(path)), path, false));
        }
      }
    }
    guarded.sort((one, other) -> one.seen.getNameCount() - other.seen.getNameCount());
    return List.copyOf(guarded);
  }

  private static int parentsFirst(Allowance one, Allowance other) {
    int depth = one.seen.getNameCount() - other.seen.getNameCount();
    if (depth != 0) {
      return depth;
    }
    return one.write == other.write ? one.seen.compareTo(other.seen) : one.write ? -1 : 1;
  }

  /**
   * Parents first, and none that another one includes: what is mounted later hides what was there
   * before. A path with links in it is there by its real name too, unless a folder above brings the
   * link along.
   */
  static List<Allowance> settle(List<Allowance> all) {
    List<Allowance> both = new ArrayList<>();
    for (Allowance one : all) {
      both.add(new Allowance(one.real, one.real, one.write));
      if (!one.seen.equals(one.real)) {
        both.add(one);
      }
    }
    both.sort(Allowance::parentsFirst);
    List<Allowance> settled = new ArrayList<>();
    for (Allowance one : both) {
      boolean known = settled.stream().anyMatch(other -> other.covers(one));
      boolean linked =
          !one.seen.equals(one.real)
              && settled.stream().anyMatch(other -> one.seen.startsWith(other.seen));
      if (!known && !linked) {
        settled.add(one);
      }
    }
    return List.copyOf(settled);
  }
}
