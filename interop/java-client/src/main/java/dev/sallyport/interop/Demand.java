package dev.sallyport.interop;

import io.modelcontextprotocol.spec.McpError;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** What a check may demand; each throws when it does not hold. */
final class Demand {
  private static final long EVENT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Demand() {}

  static void same(Object expected, Object actual) {
    holds(Objects.equals(expected, actual), "expected " + expected + " but was " + actual);
  }

  static void holds(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  /** The JSON-RPC error code of a call that has to fail. */
  static int codeOf(Runnable call) {
    try {
      call.run();
    } catch (McpError refusal) {
      return refusal.getJsonRpcError().code();
    }
    throw new AssertionError("succeeded");
  }

  /** Waits for something that happens in another process; only asking tells. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + EVENT_WITHIN_NANOS;
    while (!condition.call()) {
      holds(System.nanoTime() < deadline, "not within 10 s: " + what);
      TimeUnit.MILLISECONDS.sleep(25);
    }
  }
}
