package dev.sallyport.upstream.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own sandbox, which takes no privilege and no program: a thread gives up rights, and
 * what it starts has only what was left. Each start gets a fresh thread, because nothing gives the
 * rights back.
 */
final class Landlock {
  // Before 3 a file could be emptied that may not be written.
  private static final long OLDEST = 3;
  private static final long WITH_NETWORK = 4;
  private static final long WITH_DEVICE_CONTROL = 5;
  private static final long WITH_SCOPES = 6;

  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ_FOLDER = 1 << 3;
  private static final long MAKE_DEVICES = 1 << 6 | 1 << 11;
  private static final long TRUNCATE = 1 << 14;
  private static final long DEVICE_CONTROL = 1 << 15;
  private static final long ALL_OF_3 = (1 << 15) - 1;
  private static final long BIND_AND_CONNECT = 1 | 1 << 1;
  private static final long SOCKETS_AND_SIGNALS = 1 | 1 << 1;

  private final Kernel kernel;
  private final long version;

  private Landlock(Kernel kernel, long version) {
    this.kernel = kernel;
    this.version = version;
  }

  static Optional<Landlock> here() {
    return Kernel.here()
        .map(kernel -> new Landlock(kernel, kernel.landlockVersion()))
        .filter(landlock -> landlock.version >= OLDEST);
  }

  /** Whether it can forbid TCP. */
  boolean guardsNetwork() {
    return version >= WITH_NETWORK;
  }

  /** What one path and all below it is good for. */
  enum Right {
    READ,
    WRITE,
    DEVICE
  }

  /** Everything that is not named is refused; a path that is not there is left out. */
  record Rules(List<Rule> paths, boolean network) {
    Rules {
      paths = List.copyOf(paths);
    }
  }

  record Rule(Path path, Right right) {}

  /**
   * Starts a process that has these rights only. Blocks a platform thread for the moment it takes.
   *
   * <p>The thread that starts it does nothing else and wakes nobody: a thread inherits from the one
   * that makes it, and waking a virtual thread may make a carrier. It may end afterwards, since a
   * parent-death signal, which would go off then, is asked for only where bubblewrap is.
   */
  Process start(ProcessBuilder builder, Rules rules) throws IOException, InterruptedException {
    Attempt attempt = new Attempt();
    Thread thread =
        Thread.ofPlatform()
            .name("sallyport-restricted")
            .daemon(true)
            .start(
                () -> {
                  try {
                    restrict(rules);
                    attempt.started = Optional.of(builder.start());
                  } catch (IOException e) {
                    attempt.failure = e;
                  }
                });
    thread.join();
    if (attempt.started.isEmpty()) {
      throw attempt.failure;
    }
    return attempt.started.get();
  }

  /** Passed on by the thread's end, without a lock that anybody could be waiting for. */
  private static final class Attempt {
    private Optional<Process> started = Optional.empty();
    private IOException failure = new IOException("the thread that starts it came to an end");
  }

  /** Takes the calling thread's rights away, for good. */
  private void restrict(Rules rules) throws IOException {
    List<Integer> descriptors = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      int ruleset = (int) kernel.createRuleset(attributes(arena, rules.network()));
      require(ruleset, "rules made");
      descriptors.add(ruleset);
      for (Rule rule : rules.paths()) {
        int path = kernel.open(rule.path());
        if (path >= 0) {
          descriptors.add(path);
          require(kernel.addRule(ruleset, beneath(arena, rule, path)), "a rule added");
        }
      }
      require(kernel.noNewPrivileges(), "new privileges given up");
      require(kernel.restrictSelf(ruleset), "the rules put into force");
    } finally {
      descriptors.forEach(kernel::close);
    }
  }

  private static void require(long result, String what) throws IOException {
    if (result < 0) {
      throw new IOException("Landlock did not have " + what);
    }
  }

  private long handled() {
    return ALL_OF_3 | (version >= WITH_DEVICE_CONTROL ? DEVICE_CONTROL : 0);
  }

  /** A version knows as many of the three fields as it has, and refuses more. */
  private MemorySegment attributes(Arena arena, boolean network) {
    long fields = version >= WITH_SCOPES ? 3 : version >= WITH_NETWORK ? 2 : 1;
    MemorySegment attributes = arena.allocate(ValueLayout.JAVA_LONG, fields);
    attributes.setAtIndex(ValueLayout.JAVA_LONG, 0, handled());
    if (fields >= 2) {
      attributes.setAtIndex(ValueLayout.JAVA_LONG, 1, network ? 0 : BIND_AND_CONNECT);
    }
    if (fields >= 3) {
      attributes.setAtIndex(ValueLayout.JAVA_LONG, 2, SOCKETS_AND_SIGNALS);
    }
    return attributes;
  }

  private MemorySegment beneath(Arena arena, Rule rule, int path) {
    long rights =
        switch (rule.right()) {
          case READ -> EXECUTE | READ_FILE | READ_FOLDER;
          case WRITE -> handled() & ~MAKE_DEVICES & ~DEVICE_CONTROL;
          case DEVICE -> handled() & (READ_FILE | WRITE_FILE | READ_FOLDER | DEVICE_CONTROL);
        };
    if (!Files.isDirectory(rule.path())) {
      rights &= EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | DEVICE_CONTROL;
    }
    // Twelve bytes: the kernel packs the two fields.
    MemorySegment beneath = arena.allocate(12, 8);
    beneath.set(ValueLayout.JAVA_LONG, 0, rights);
    beneath.set(ValueLayout.JAVA_INT, 8, path);
    return beneath;
  }
}
