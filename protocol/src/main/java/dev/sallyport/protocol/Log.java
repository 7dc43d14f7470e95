package dev.sallyport.protocol;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a class tells whoever runs it what went wrong; a {@link System.Logger} that is looked up
 * when there is a line for it. To find the backend opens every jar on the class path, for which a
 * start has no time, and most runs tell nothing. Thread-safe.
 */
public final class Log {
  private static final ScopedValue<String> TRACE = ScopedValue.newInstance();

  /** Whether anybody wants them: a request has no time to look a logger up for nothing. */
  private static volatile boolean details;

  private final String name;

  private Log(String name) {
    this.name = name;
  }

  public static Log of(Class<?> about) {
    return new Log(about.getName());
  }

  /**
   * Does some work that belongs to a trace. What is logged meanwhile on this thread can be told to
   * belong to it.
   *
   * @param traceId 32 hexadecimal digits
   */
  public static <T> T within(String traceId, Supplier<T> work) {
    return ScopedValue.where(TRACE, traceId).call(work::get);
  }

  /** The trace that this thread's work belongs to, for whoever writes lines. */
  public static Optional<String> traceId() {
    return TRACE.isBound() ? Optional.of(TRACE.get()) : Optional.empty();
  }

  /** Whether details are told where the loggers' levels are for it; at first they are not. */
  public static void tellDetails(boolean wanted) {
    details = wanted;
  }

  /** Whether there is anybody for {@link #detail}. To ask costs nothing unless there may be. */
  public boolean tellsDetails() {
    return details && System.getLogger(name).isLoggable(System.Logger.Level.DEBUG);
  }

  /**
   * Tells at level {@code DEBUG} what an operator who looks for a reason wants to see. No secrets,
   * no arguments and no contents: the log is read by others than those who call. Whoever makes the
   * text asks {@link #tellsDetails} before.
   */
  public void detail(String text) {
    System.getLogger(name).log(System.Logger.Level.DEBUG, text);
  }

  public void log(System.Logger.Level level, String text) {
    System.getLogger(name).log(level, text);
  }

  public void log(System.Logger.Level level, String text, Throwable why) {
    System.getLogger(name).log(level, text, why);
  }

  /**
   * @param text with {@code {0}}, {@code {1}}… for the details
   */
  public void log(System.Logger.Level level, String text, @Nullable Object... details) {
    System.getLogger(name).log(level, text, details);
  }
}
