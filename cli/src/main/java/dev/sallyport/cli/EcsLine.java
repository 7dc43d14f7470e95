package dev.sallyport.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.sallyport.protocol.Log;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the log for programs: one JSON object with fields of the Elastic Common Schema, flat,
 * their names with dots, those first that people look for. It is one line of at most {@link
 * #MOST_BYTES}, whatever is in it: what is too long ends with an ellipsis, what is no character of
 * a text is escaped, and half of a surrogate pair, which has no UTF-8 form, is a replacement mark.
 */
final class EcsLine {
  /** Bytes of a line in UTF-8. */
  static final int MOST_BYTES = 16 * 1024;

  private static final String VERSION = "8.11.0";
  private static final int MOST_OF_A_NAME = 256;
  private static final int MOST_OF_A_MESSAGE = 8 * 1024;
  private static final int MOST_OF_A_CAUSE = 1024;
  private static final String CUT = "…";
  private static final int BYTES_OF_CUT = 3;

  private final StringBuilder line = new StringBuilder(256);
  private int bytes = 1;

  private EcsLine() {}

  /** Made when a line is logged: most runs log none. */
  private static final class Clock {
    static final DateTimeFormatter TIME =
        new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
  }

  /**
   * @param service under which name this process is known
   */
  static String of(ILoggingEvent event, String service) {
    EcsLine line = begin(event.getTimeStamp(), event.getLevel().levelStr);
    line.field("message", event.getFormattedMessage(), MOST_OF_A_MESSAGE);
    line.origin(service, event.getLoggerName(), event.getThreadName());
    Log.traceId().ifPresent(id -> line.field("trace.id", id, MOST_OF_A_NAME));
    Optional.ofNullable(event.getThrowableProxy()).ifPresent(line::error);
    return line.end();
  }

  /** Of what is said of the log itself. */
  static String of(long milliseconds, String level, String message, Class<?> by, String service) {
    EcsLine line = begin(milliseconds, level);
    line.field("message", message, MOST_OF_A_MESSAGE);
    line.origin(service, by.getName(), Thread.currentThread().getName());
    return line.end();
  }

  private static EcsLine begin(long milliseconds, String level) {
    EcsLine line = new EcsLine();
    line.field("@timestamp", Clock.TIME.format(Instant.ofEpochMilli(milliseconds)), MOST_OF_A_NAME);
    line.field("log.level", level.toLowerCase(Locale.ROOT), MOST_OF_A_NAME);
    return line;
  }

  private void origin(String service, String logger, String thread) {
    field("ecs.version", VERSION, MOST_OF_A_NAME);
    field("service.name", service, MOST_OF_A_NAME);
    field("log.logger", logger, MOST_OF_A_NAME);
    field("process.thread.name", thread, MOST_OF_A_NAME);
  }

  private void error(IThrowableProxy why) {
    field("error.type", why.getClassName(), MOST_OF_A_NAME);
    Optional.ofNullable(why.getMessage())
        .ifPresent(message -> field("error.message", message, MOST_OF_A_CAUSE));
    String name = "error.stack_trace";
    int left = MOST_BYTES - bytes - name.length() - "{\"\":\"\"}\n".length();
    field(name, ThrowableProxyUtil.asString(why), left);
  }

  private String end() {
    return line.append('}').toString();
  }

  /**
   * @param most bytes of the value
   */
  private void field(String name, String value, int most) {
    line.append(line.isEmpty() ? '{' : ',').append('"').append(name).append("\":\"");
    bytes += name.length() + "{\"\":\"\"".length();
    int left = most;
    int end = line.length();
    int leftAtEnd = left;
    for (int i = 0; i < value.length() && left >= 0; ) {
      int point = value.codePointAt(i);
      int from = line.length();
      append(point);
      left -= size(point, line.length() - from);
      i += Character.charCount(point);
      if (left >= BYTES_OF_CUT) {
        end = line.length();
        leftAtEnd = left;
      }
    }
    if (left < 0) {
      line.setLength(end);
      line.append(CUT);
      left = leftAtEnd - BYTES_OF_CUT;
    }
    bytes += most - left;
    line.append('"');
  }

  private void append(int point) {
    switch (point) {
      case '"' -> line.append("\\\"");
      case '\\' -> line.append("\\\\");
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (isHalf(point)) {
          line.append("\\ufffd");
        } else if (isOfText(point)) {
          line.appendCodePoint(point);
        } else {
          for (char unit : Character.toChars(point)) {
            line.append(String.format("\\u%04x", (int) unit));
          }
        }
      }
    }
  }

  /** In UTF-8; what is escaped is ASCII. */
  private static int size(int point, int appended) {
    if (!isOfText(point) || point < 0x80) {
      return appended;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }

  private static boolean isHalf(int point) {
    return Character.getType(point) == Character.SURROGATE;
  }

  /** What neither drives a terminal nor ends a line nor hides (security.md T75). */
  private static boolean isOfText(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
