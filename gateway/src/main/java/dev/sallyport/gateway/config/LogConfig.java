package dev.sallyport.gateway.config;

import java.util.Map;

/**
 * What is written to the log, and how. It can change while it is written.
 *
 * @param level what is written of everything that {@code levels} does not name
 * @param levels by names of loggers; each counts for those whose names begin with it and a dot, too
 */
public record LogConfig(Level level, Format format, Map<String, Level> levels) {
  public LogConfig {
    levels = Map.copyOf(levels);
  }

  /** From the fewest lines to the most. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** What a line is. */
  public enum Format {
    /** Text on a terminal, JSON elsewhere. */
    AUTO,
    /** For people. */
    TEXT,
    /** For programs: an object of ECS fields. */
    JSON
  }
}
