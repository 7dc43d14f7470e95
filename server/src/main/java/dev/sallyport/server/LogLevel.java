package dev.sallyport.server;

import java.util.Locale;

/** How much a log message matters, least first. */
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

  String text() {
    return text;
  }

  /** Whether a client that asked for messages from {@code least} on wants this one (FE-16). */
  boolean isWanted(String least) {
    for (LogLevel level : values()) {
      if (level.text.equals(least)) {
        return compareTo(level) >= 0;
      }
    }
    return false;
  }
}
