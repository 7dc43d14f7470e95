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
 * @param service under which name this process is known
 */
record LogSettings(boolean json, Level level, Map<String, Level> levels, String service) {
  /** Of every command that has no configuration. */
  static final LogSettings USUAL =
      new LogSettings(false, Level.WARN, Map.of(), LogConfig.OURSELVES);

  /**
   * Before a configuration has been read.
   *
   * @param format as the command line has it
   * @param service as the environment has it
   */
  static LogSettings first(Optional<LogConfig.Format> format, String service) {
    return new LogSettings(
        json(format.orElse(LogConfig.Format.AUTO)), Level.INFO, Map.of(), service);
  }

  /**
   * @param format as the command line has it, which is stronger
   */
  static LogSettings of(LogConfig config, Optional<LogConfig.Format> format) {
    return new LogSettings(
        json(format.orElse(config.format())),
        level(config.level()),
        config.levels().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> level(each.getValue()))),
        config.service());
  }

  /**
   * Whether anything of them is to be told in detail.
   *
   * @param root the level that counts in place of ours
   */
  boolean isDetailed(Level root) {
    return isDetail(root) || levels.values().stream().anyMatch(LogSettings::isDetail);
  }

  private static boolean isDetail(Level level) {
    return !level.isGreaterOrEqual(Level.INFO);
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
