package dev.sallyport.downstream;

import dev.sallyport.protocol.Message;
import java.util.List;
import java.util.Optional;

/** How severe a log message must be to reach a client, in either era (FE-16, LH-20). */
public final class LogLevel {
  private static final List<String> BY_SEVERITY =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private LogLevel() {}

  /**
   * @param least the least severe level the client asked for; nothing asked, nothing passes
   * @param message a {@code notifications/message}; one without a proper level does not pass
   */
  public static boolean lets(Optional<String> least, Message.Notification message) {
    int severity = BY_SEVERITY.indexOf(message.params().string("level").orElse(""));
    return severity >= 0
        && least.filter(level -> severity >= BY_SEVERITY.indexOf(level)).isPresent();
  }
}
