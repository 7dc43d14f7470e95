package dev.sallyport.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging: found by logback as a service. stdout carries answers, or the protocol, so every
 * line goes to stderr. {@code SALLYPORT_LOG} sets the level. In code, because reading logback's XML
 * takes longer than all else that a start takes before the first line is logged.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OWN_FILE = "logback.configurationFile";

  /** Begins to set it up, on a thread of its own; whoever logs first waits for it. */
  static void begin() {
    setUnlessGiven("slf4j.provider", LogbackServiceProvider.class.getName()); // No jar is searched.
    setUnlessGiven("slf4j.internal.verbosity", "ERROR"); // It would tell of that on stderr.
    Thread.ofPlatform()
        .daemon(true)
        .name("sallyport-logging")
        .start(LoggerFactory::getILoggerFactory);
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(OWN_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    OneLine layout = new OneLine();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget(ConsoleTarget.SystemErr.getName());
    stderr.setEncoder(encoder);
    stderr.start();

    // Netty and Vert.x have nothing to say to an operator below an error.
    context.getLogger("io.netty").setLevel(Level.ERROR);
    context.getLogger("io.vertx").setLevel(Level.ERROR);
    // The JDK logs exits and child processes, with their commands, at these names.
    context.getLogger("java.lang").setLevel(Level.OFF);
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv("SALLYPORT_LOG"), Level.WARN));
    root.addAppender(stderr);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Time, level, message: for people, so without a stack trace, and a message stays on its line.
   */
  private static final class OneLine extends LayoutBase<ILoggingEvent> {
    /** Made when a line is logged: most runs log none. */
    private static final class Clock {
      static final DateTimeFormatter TIME =
          DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    }

    @Override
    public String doLayout(ILoggingEvent event) {
      StringBuilder line = new StringBuilder();
      Clock.TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
      line.append(' ').append(event.getLevel().levelStr);
      line.repeat(' ', Math.max(1, 6 - event.getLevel().levelStr.length()));
      return line.append(Screen.printable(event.getFormattedMessage()))
          .append(System.lineSeparator())
          .toString();
    }
  }
}
