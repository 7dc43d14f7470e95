package dev.sallyport.upstream.stdio;

import java.io.File;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * {@code kill(2)} for a whole process group, which Java's own process API cannot address. Absent on
 * Windows, and where the program was not started with {@code --enable-native-access}.
 */
final class Signals {
  static final int TERM = 15;
  static final int KILL = 9;

  private Signals() {}

  static boolean available() {
    return File.separatorChar == '/' && Signals.class.getModule().isNativeAccessEnabled();
  }

  /** Linking takes a while, and is only needed when something is to be ended. */
  private static final class Linked {
    static final Optional<MethodHandle> KILL = link();
  }

  /**
   * @param leader the group's id, which is the process id of its leader
   * @return whether anything is in the group
   */
  static boolean toGroup(long leader, int signal) {
    // 0 and 1 would mean our own group and every process there is.
    if (leader <= 1 || leader > Integer.MAX_VALUE || Linked.KILL.isEmpty()) {
      return false;
    }
    try {
      return (int) Linked.KILL.get().invokeExact((int) -leader, signal) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) could not be called", e);
    }
  }

  @SuppressWarnings("restricted") // the one native call; programs enable it when they start
  private static Optional<MethodHandle> link() {
    if (!available()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor shape =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    return linker
        .defaultLookup()
        .find("kill")
        .map(address -> linker.downcallHandle(address, shape));
  }
}
