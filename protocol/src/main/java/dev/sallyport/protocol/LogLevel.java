package dev.sallyport.protocol;

import java.util.Locale;
import java.util.Optional;

/** How severe a log message is, least severe first (RFC 5424; FE-16). */
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** By its name in MCP, which is in small letters. */
  public static Optional<LogLevel> of(String text) {
    for (LogLevel level : values()) {
      if (level.text.equals(text)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** Of a {@code notifications/message}; empty when it has no proper level. */
  public static Optional<LogLevel> of(Message.Notification message) {
    return message.params().string("level").flatMap(LogLevel::of);
  }

  public String text() {
    return text;
  }

  /** Whether whoever wants to hear of everything from {@code least} on wants to hear of this. */
  public boolean isAtLeast(LogLevel least) {
    return compareTo(least) >= 0;
  }
}
