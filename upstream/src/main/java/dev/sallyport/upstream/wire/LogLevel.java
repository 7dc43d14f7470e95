package dev.sallyport.upstream.wire;

import java.util.Locale;
import java.util.Optional;

/** The levels of log messages, the most verbose first (RFC 5424). */
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  public static Optional<LogLevel> of(String text) {
    for (LogLevel level : values()) {
      if (level.text().equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
