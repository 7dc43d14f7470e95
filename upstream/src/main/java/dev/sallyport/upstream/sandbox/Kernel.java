package dev.sallyport.upstream.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The few calls of the Linux kernel that Java has no words for. Each returns what the C library
 * does: less than zero is a failure, whatever its reason.
 */
final class Kernel {
  static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  // These two number the calls of Landlock alike; of others we do not know.
  private static final Set<String> MACHINES = Set.of("amd64", "aarch64");
  private static final long CREATE_RULESET = 444;
  private static final long ADD_RULE = 445;
  private static final long RESTRICT_SELF = 446;
  private static final long RULE_PATH_BENEATH = 1;
  private static final int NO_NEW_PRIVS = 38;
  private static final int PATH_ONLY = 0x200000;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private final MethodHandle syscall;
  private final MethodHandle prctl;
  private final MethodHandle open;
  private final MethodHandle close;

  private Kernel(MethodHandle syscall, MethodHandle prctl, MethodHandle open, MethodHandle close) {
    this.syscall = syscall;
    this.prctl = prctl;
    this.open = open;
    this.close = close;
  }

  /** Linking takes a while, and most starts need none of it. */
  private static final class Linked {
    static final Optional<Kernel> KERNEL = link();
  }

  /** Empty on other systems and machines, and where the JVM was told to allow no native access. */
  static Optional<Kernel> here() {
    return Linked.KERNEL;
  }

  /** Whether a limit of processes counts those of a user namespace alone: Linux 5.14. */
  static boolean countsByNamespace() {
    String[] version = System.getProperty("os.version", "0.0").split("[.-]", 3);
    try {
      int major = Integer.parseInt(version[0]);
      return major > 5 || (major == 5 && Integer.parseInt(version[1]) >= 14);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException unclear) {
      return false;
    }
  }

  /** The number of the newest Landlock it knows. */
  long landlockVersion() {
    return call(CREATE_RULESET, 0, 0, 1, 0);
  }

  /**
   * @param attributes a {@code landlock_ruleset_attr}
   * @return the rule set's descriptor
   */
  long createRuleset(MemorySegment attributes) {
    return call(CREATE_RULESET, attributes.address(), attributes.byteSize(), 0, 0);
  }

  /**
   * @param rule a {@code landlock_path_beneath_attr}
   */
  long addRule(int ruleset, MemorySegment rule) {
    return call(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule.address(), 0);
  }

  /** Restricts the calling thread, and what it starts from now on. */
  long restrictSelf(int ruleset) {
    return call(RESTRICT_SELF, ruleset, 0, 0, 0);
  }

  /** For the calling thread: no program it starts gains privileges by being started. */
  int noNewPrivileges() {
    try {
      return (int) prctl.invokeExact(NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /**
   * @return a descriptor that names the file or folder, and can do nothing else
   */
  int open(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) open.invokeExact(arena.allocateFrom(path.toString()), PATH_ONLY | CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int close(int descriptor) {
    try {
      return (int) close.invokeExact(descriptor);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private long call(long number, long first, long second, long third, long fourth) {
    try {
      return (long) syscall.invokeExact(number, first, second, third, fourth);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static IllegalStateException broken(Throwable e) {
    return new IllegalStateException("the system could not be called", e);
  }

  @SuppressWarnings("restricted") // native calls; programs enable them when they start
  private static Optional<Kernel> link() {
    if (!LINUX || !MACHINES.contains(System.getProperty("os.arch", ""))) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      return Optional.of(
          new Kernel(
              linker.downcallHandle(
                  linker.defaultLookup().findOrThrow("syscall"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.firstVariadicArg(1)),
              linker.downcallHandle(
                  linker.defaultLookup().findOrThrow("prctl"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.firstVariadicArg(1)),
              linker.downcallHandle(
                  linker.defaultLookup().findOrThrow("open"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                  Linker.Option.firstVariadicArg(2)),
              linker.downcallHandle(
                  linker.defaultLookup().findOrThrow("close"),
                  FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))));
    } catch (IllegalCallerException
        | UnsupportedOperationException
        | java.util.NoSuchElementException notAllowed) {
      return Optional.empty();
    }
  }
}
