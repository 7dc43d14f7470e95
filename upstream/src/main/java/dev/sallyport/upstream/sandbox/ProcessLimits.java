package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limits that {@code prlimit} sets for each process, for what no control group holds.
 *
 * @param arguments for {@code prlimit}
 * @param holds what they hold
 */
record ProcessLimits(List<String> arguments, Set<Guarantee> holds) {
  private static final Path OURS = Path.of("/proc/self/limits");

  /**
   * @param grouped what control groups hold
   * @param countsOnlyTheirs whether the system counts the server's processes apart from those of
   *     others, and at all: root's it does not
   */
  static ProcessLimits of(ResourceLimits limits, Set<Guarantee> grouped, boolean countsOnlyTheirs) {
    List<String> arguments = new ArrayList<>(List.of("--core=0"));
    Set<Guarantee> holds = EnumSet.noneOf(Guarantee.class);
    if (limits.memory().isPresent() && !grouped.contains(Guarantee.MEMORY)) {
      // Not the address space: Node, Go and Java reserve much of it and use little.
      add(arguments, "--data=", "Max data size", limits.memory().getAsLong());
      holds.add(Guarantee.MEMORY);
    }
    if (limits.processes().isPresent()
        && !grouped.contains(Guarantee.PROCESS_LIMIT)
        && countsOnlyTheirs) {
      add(arguments, "--nproc=", "Max processes", limits.processes().getAsInt());
      holds.add(Guarantee.PROCESS_LIMIT);
    }
    if (limits.files().isPresent()) {
      add(arguments, "--nofile=", "Max open files", limits.files().getAsInt());
      holds.add(Guarantee.FILES);
    }
    return new ProcessLimits(List.copyOf(arguments), Set.copyOf(holds));
  }

  /** A process may not have more than its parent could. */
  private static void add(List<String> arguments, String option, String name, long wanted) {
    arguments.add(option + Math.min(wanted, most(name).orElse(wanted)));
  }

  private static OptionalLong most(String name) {
    try {
      Matcher matcher =
          Pattern.compile("(?m)^" + name + " +\\S+ +([0-9]{1,18}) ")
              .matcher(Files.readString(OURS));
      return matcher.find()
          ? OptionalLong.of(Long.parseLong(matcher.group(1)))
          : OptionalLong.empty();
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }
}
