package dev.sallyport.upstream.sandbox;

import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The control groups below our own, as far as we may make some: a group of the gateway, and in it
 * one for each child. Thread-safe.
 */
final class Cgroups implements AutoCloseable {
  private static final Log LOG = Log.of(Cgroups.class);

  /** Where none can be made, or none is of use. */
  static final Cgroups NONE = new Cgroups(List.of());

  private static final String GROUP = "sallyport-";
  private static final long PERIOD = 100_000;

  private final List<Tree> trees;

  /**
   * One tree in which our group could be made.
   *
   * @param group ours, in which the children's are
   * @param limits what it can hold: memory, processes, processor time
   */
  private record Tree(Path group, boolean unified, Set<Controller> limits) {}

  private enum Controller {
    MEMORY("memory", Guarantee.MEMORY),
    PIDS("pids", Guarantee.PROCESS_LIMIT),
    CPU("cpu", Guarantee.CPUS);

    private final String text;
    private final Guarantee guarantee;

    Controller(String text, Guarantee guarantee) {
      this.text = text;
      this.guarantee = guarantee;
    }
  }

  private Cgroups(List<Tree> trees) {
    this.trees = List.copyOf(trees);
  }

  /**
   * Makes the gateway's group for what is wanted, and sweeps those that dead gateways left.
   *
   * @param self our process
   */
  static Cgroups open(CgroupFiles files, ResourceLimits wanted, long self) {
    List<Tree> trees = new ArrayList<>();
    Set<Controller> left = wanted(wanted);
    for (Controller limit : Set.copyOf(left)) {
      Optional<Path> own = files.ofController(limit.text);
      if (own.isPresent() && make(own.get(), self)) {
        trees.add(new Tree(own.get().resolve(GROUP + self), false, Set.of(limit)));
        left.remove(limit);
      }
    }
    if (!left.isEmpty()) {
      files.unified().flatMap(own -> unified(own, left, self)).ifPresent(trees::add);
    }
    return new Cgroups(trees);
  }

  private static Set<Controller> wanted(ResourceLimits limits) {
    Set<Controller> wanted = EnumSet.noneOf(Controller.class);
    limits.memory().ifPresent(_ -> wanted.add(Controller.MEMORY));
    limits.processes().ifPresent(_ -> wanted.add(Controller.PIDS));
    limits.cpus().ifPresent(_ -> wanted.add(Controller.CPU));
    return wanted;
  }

  private static boolean make(Path own, long self) {
    sweep(own, self);
    try {
      Files.createDirectories(own.resolve(GROUP + self));
      return true;
    } catch (IOException notOurs) {
      return false;
    }
  }

  /**
   * Version 2 lets a group have either processes or limited groups below, so ours has to leave it
   * first: into a group of its own beside the children's. Only when nobody else is in there.
   */
  private static Optional<Tree> unified(Path own, Set<Controller> wanted, long self) {
    Set<Controller> limits = EnumSet.noneOf(Controller.class);
    for (Controller limit : wanted) {
      if (CgroupFiles.names(own.resolve("cgroup.controllers"), limit.text)) {
        limits.add(limit);
      }
    }
    if (limits.isEmpty() || !make(own, self)) {
      return Optional.empty();
    }
    Path group = own.resolve(GROUP + self);
    try {
      if (!limits.stream()
          .allMatch(
              limit -> CgroupFiles.names(own.resolve("cgroup.subtree_control"), limit.text))) {
        if (!Files.readString(own.resolve("cgroup.procs")).trim().equals(Long.toString(self))) {
          throw new IOException("others are in our group");
        }
        Path gateway = Files.createDirectories(group.resolve("gateway"));
        write(gateway.resolve("cgroup.procs"), Long.toString(self));
        enable(own, limits);
      }
      enable(group, limits);
      return Optional.of(new Tree(group, true, limits));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "control groups cannot be used: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private static void enable(Path group, Set<Controller> limits) throws IOException {
    for (Controller limit : limits) {
      write(group.resolve("cgroup.subtree_control"), "+" + limit.text);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  /** What they hold. */
  Set<Guarantee> limits() {
    Set<Guarantee> all = EnumSet.noneOf(Guarantee.class);
    trees.forEach(tree -> tree.limits().forEach(limit -> all.add(limit.guarantee)));
    return all;
  }

  /** Makes the groups of one child. */
  ControlGroup make(String mark, ResourceLimits limits) throws IOException {
    List<Path> made = new ArrayList<>();
    try {
      for (Tree tree : trees) {
        Path group = Files.createDirectory(tree.group().resolve("child-" + mark));
        made.add(group);
        for (Controller limit : tree.limits()) {
          set(group, tree.unified(), limit, limits);
        }
      }
    } catch (IOException e) {
      new ControlGroup(made).remove();
      throw e;
    }
    return new ControlGroup(made);
  }

  private static void set(Path group, boolean unified, Controller limit, ResourceLimits limits)
      throws IOException {
    switch (limit) {
      case MEMORY -> memory(group, unified, Long.toString(limits.memory().orElseThrow()));
      case PIDS ->
          write(group.resolve("pids.max"), Integer.toString(limits.processes().orElseThrow()));
      case CPU -> cpus(group, unified, limits.cpus().orElseThrow());
    }
  }

  private static void memory(Path group, boolean unified, String bytes) throws IOException {
    write(group.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), bytes);
    // What is swapped out is used all the same. Not every kernel counts it.
    Path swap = group.resolve(unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
    if (Files.exists(swap)) {
      write(swap, unified ? "0" : bytes);
    }
  }

  private static void cpus(Path group, boolean unified, double cpus) throws IOException {
    long quota = Math.round(cpus * PERIOD);
    if (unified) {
      write(group.resolve("cpu.max"), String.format(Locale.ROOT, "%d %d", quota, PERIOD));
    } else {
      write(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD));
      write(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
    }
  }

  /** What has processes cannot be removed, so whatever still lives is safe. */
  private static void sweep(Path own, long self) {
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(own, GROUP + "[1-9]*")) {
      for (Path group : groups) {
        String owner = group.getFileName().toString().substring(GROUP.length());
        if (owner.matches("[0-9]{1,18}")
            && Long.parseLong(owner) != self
            && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
          removeAll(group);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "groups cannot be listed: {0}", e.getMessage());
    }
  }

  private static void removeAll(Path group) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(group, Files::isDirectory)) {
      for (Path child : children) {
        ControlGroup.remove(child);
      }
    }
    ControlGroup.remove(group);
  }

  @Override
  public void close() {
    for (Tree tree : trees) {
      if (!Files.exists(tree.group().resolve("gateway"))) { // we are in there
        ControlGroup.remove(tree.group());
      }
    }
  }
}
