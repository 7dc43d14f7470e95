package dev.sallyport.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * A line of the log for people: time, level, message, without a stack trace, and a message stays on
 * its line.
 */
final class TextLine {
  private static final int MOST_CHARACTERS = 8 * 1024;

  private TextLine() {}

  /** Made when a line is logged: most runs log none. */
  private static final class Clock {
    static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  }

  static String of(ILoggingEvent event) {
    return of(event.getTimeStamp(), event.getLevel().levelStr, event.getFormattedMessage());
  }

  static String of(long milliseconds, String level, String message) {
    StringBuilder line = new StringBuilder();
    Clock.TIME.formatTo(Instant.ofEpochMilli(milliseconds), line);
    line.append(' ').append(level);
    line.repeat(' ', Math.max(1, 6 - level.length()));
    boolean fits = message.length() <= MOST_CHARACTERS;
    return line.append(Screen.printable(fits ? message : message.substring(0, MOST_CHARACTERS)))
        .append(fits ? "" : "…")
        .toString();
  }
}
