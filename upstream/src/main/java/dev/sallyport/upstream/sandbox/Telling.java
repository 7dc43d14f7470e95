package dev.sallyport.upstream.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Puts into words what a sandbox holds.
 *
 * @param held all of it
 * @param grouped what of it by control groups
 */
record Telling(
    SandboxSettings settings,
    ServerProgram program,
    View view,
    SandboxKind kind,
    Set<Guarantee> held,
    Set<Guarantee> grouped) {
  private static final int MOST_PATHS = 4;

  SandboxSummary summary(List<String> warnings) {
    List<String> missing = missing().stream().map(Guarantee::text).toList();
    List<String> parts = new ArrayList<>();
    parts.add(what());
    if (kind != SandboxKind.NONE) {
      parts.add(paths());
      parts.add("network " + network());
    }
    String limits = limits();
    if (!limits.isEmpty()) {
      parts.add(limits);
    }
    if (settings.choice() != SandboxChoice.NONE && !missing.isEmpty()) {
      parts.add("not held: " + String.join(", ", missing));
    }
    return new SandboxSummary(kind, missing, String.join("; ", parts), warnings);
  }

  private String what() {
    return switch (kind) {
      case BWRAP ->
          settings.choice().text().equals("strict")
              ? "strict (bwrap): own processes, read-only system, private /tmp and home"
              : "bwrap: own processes, read-only system, private /tmp and home";
      case LANDLOCK -> "landlock: read-only system, private home";
      case NONE -> "none: it can do whatever this user can";
    };
  }

  private Set<Guarantee> missing() {
    Set<Guarantee> missing = EnumSet.allOf(Guarantee.class);
    missing.removeAll(held);
    if (settings.networkAllowed() && kind != SandboxKind.NONE) {
      missing.remove(Guarantee.NETWORK);
    }
    ResourceLimits limits = settings.limits();
    if (limits.memory().isEmpty()) {
      missing.remove(Guarantee.MEMORY);
    }
    if (limits.processes().isEmpty()) {
      missing.remove(Guarantee.PROCESS_LIMIT);
    }
    if (limits.files().isEmpty()) {
      missing.remove(Guarantee.FILES);
    }
    if (limits.cpus().isEmpty()) {
      missing.remove(Guarantee.CPUS);
    }
    return missing;
  }

  private String network() {
    return settings.networkAllowed() ? "yes" : "no";
  }

  private String paths() {
    List<String> write =
        view.allowed().stream()
            .filter(one -> one.write() && one.seen().equals(one.real()))
            .map(one -> shown(one.seen()))
            .toList();
    if (write.isEmpty()) {
      return "may write nothing of yours";
    }
    String more = write.size() > MOST_PATHS ? " and " + (write.size() - MOST_PATHS) + " more" : "";
    return "may write "
        + String.join(", ", write.subList(0, Math.min(MOST_PATHS, write.size())))
        + more;
  }

  /** As the operator would type it. */
  private String shown(Path path) {
    Path here = Territory.real(program.directory());
    if (path.equals(here)) {
      return ".";
    }
    return path.startsWith(here) ? "./" + here.relativize(path) : path.toString();
  }

  private String limits() {
    Set<Guarantee> missing = missing();
    ResourceLimits limits = settings.limits();
    ResourceLimits holding =
        new ResourceLimits(
            missing.contains(Guarantee.MEMORY) ? java.util.OptionalLong.empty() : limits.memory(),
            missing.contains(Guarantee.PROCESS_LIMIT)
                ? java.util.OptionalInt.empty()
                : limits.processes(),
            java.util.OptionalInt.empty(),
            missing.contains(Guarantee.CPUS) ? java.util.OptionalDouble.empty() : limits.cpus());
    String text = holding.text();
    if (text.isEmpty()) {
      return "";
    }
    return text + (grouped.isEmpty() ? " (each process: rlimits)" : " (cgroup)");
  }
}
