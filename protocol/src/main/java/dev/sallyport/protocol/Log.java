package dev.sallyport.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Where a class tells whoever runs it what went wrong; a {@link System.Logger} that is looked up
 * when there is a line for it. To find the backend opens every jar on the class path, for which a
 * start has no time, and most runs tell nothing. Thread-safe.
 */
public final class Log {
  private final String name;

  private Log(String name) {
    this.name = name;
  }

  public static Log of(Class<?> about) {
    return new Log(about.getName());
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
