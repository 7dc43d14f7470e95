package dev.sallyport.cli;

import java.io.File;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * SIGHUP, by which an operator asks a service to read its configuration again. Java knows signals
 * by {@code sun.misc.Signal} alone, whose use the compiler warns of wherever it is written, so it
 * is looked up here (jdk.unsupported, JEP 260). A program that does not heed this signal is ended
 * by it.
 */
final class HangUp {
  private HangUp() {}

  /**
   * @param asked runs on a thread of the JVM's for each signal; must not block
   */
  static void heed(Runnable asked) {
    if (File.separatorChar != '/') {
      return; // Windows has no such signal.
    }
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.lookup().bind(asked, "run", MethodType.methodType(void.class));
      Object heeding =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      MethodHandles.lookup()
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invokeWithArguments(signal.getConstructor(String.class).newInstance("HUP"), heeding);
    } catch (Throwable e) {
      throw new IllegalStateException("SIGHUP cannot be heeded", e);
    }
  }
}
