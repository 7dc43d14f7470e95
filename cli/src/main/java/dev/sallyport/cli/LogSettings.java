package dev.sallyport.cli;

import ch.qos.logback.classic.Level;
import dev.sallyport.gateway.config.LogConfig;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is written to stderr, and as what.
 *
 * @param json whether a line is an object for programs
 * @param level of all loggers that are not named
 */
record LogSettings(boolean json, Level level, Map<String, Level> levels) {
  /** Of every command that has no configuration. */
  static final LogSettings USUAL = new LogSettings(false, Level.WARN, Map.of());

  /**
   * Before a configuration has been read.
   *
   * @param format as the command line has it
   */
  static LogSettings first(Optional<LogConfig.Format> format) {
    return new LogSettings(json(format.orElse(LogConfig.Format.AUTO)), Level.INFO, Map.of());
  }

  /**
   * @param format as the command line has it, which is stronger
   */
  static LogSettings of(LogConfig config, Optional<LogConfig.Format> format) {
    return new LogSettings(
        json(format.orElse(config.format())),
        level(config.level()),
        config.levels().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> level(each.getValue()))));
  }

  private static Level level(LogConfig.Level level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }

  private static boolean json(LogConfig.Format format) {
    return switch (format) {
      case TEXT -> false;
      case JSON -> true;
      case AUTO -> !Terminal.showsErrors();
    };
  }
}
