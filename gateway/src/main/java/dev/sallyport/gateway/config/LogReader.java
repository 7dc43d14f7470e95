package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads what is logged, and how. */
final class LogReader {
  private static final Kind<LogConfig.Level> LEVEL =
      Kinds.choice(ConfigReader.words(LogConfig.Level.values()));
  private static final Kind<LogConfig.Format> FORMAT =
      Kinds.choice(ConfigReader.words(LogConfig.Format.values()));
  private static final Pattern LOGGER = Pattern.compile("[A-Za-z][A-Za-z0-9_.$-]{0,199}");

  private LogReader() {}

  /**
   * @param service as telemetry has it
   */
  static LogConfig read(Group root, String service) {
    Group log = root.group("log", Keys.LOG);
    return new LogConfig(
        log.read("level", LEVEL, "info"), log.read("format", FORMAT, "auto"), levels(log), service);
  }

  private static Map<String, LogConfig.Level> levels(Group log) {
    Group levels = log.named("levels", "{dev.sallyport.upstream: debug}");
    Map<String, LogConfig.Level> found = new LinkedHashMap<>();
    for (Located<String> logger : levels.names()) {
      if (logger.value().equalsIgnoreCase("root")) {
        levels.fault(logger.value(), "is what  log: {level: ...}  says");
      } else if (!LOGGER.matcher(logger.value()).matches()) {
        levels.fault(
            logger.value(), "is not the name of a logger; for example  dev.sallyport.upstream");
      }
      levels.find(logger.value(), LEVEL).ifPresent(level -> found.put(logger.value(), level));
    }
    return found;
  }
}
