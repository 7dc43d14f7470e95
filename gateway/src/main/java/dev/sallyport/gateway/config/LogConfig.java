package dev.sallyport.gateway.config;

import java.util.Map;

/**
 * What is written to the log, and how. It can change while it is written.
 *
 * @param level what is written of everything that {@code levels} does not name
 * @param levels by names of loggers; each counts for those whose names begin with it and a dot, too
 * @param service under which name this process is known, as telemetry says it too
 */
public record LogConfig(Level level, Format format, Map<String, Level> levels, String service) {
  /** The name of a process that nobody gave another. */
  public static final String OURSELVES = "sallyport";

  public LogConfig {
    levels = Map.copyOf(levels);
  }

  public LogConfig(Level level, Format format, Map<String, Level> levels) {
    this(level, format, levels, OURSELVES);
  }

  /** The name that the variables of OpenTelemetry say, before there is a configuration. */
  public static String service(Map<String, String> environment) {
    return new StandardVariables(environment, new Findings()).serviceName();
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
