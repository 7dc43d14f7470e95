package dev.sallyport.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.sallyport.protocol.Log;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging: found by logback as a service. stdout carries answers, or the protocol, so every
 * line goes to stderr. {@code SALLYPORT_LOG} sets the level. In code, because reading logback's XML
 * takes longer than all else that a start takes before the first line is logged. Thread-safe.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OWN_FILE = "logback.configurationFile";

  /** What is not ours, unless a configuration says otherwise. */
  private static final Map<String, Level> OF_OTHERS =
      Map.of(
          // They have nothing to say to an operator below an error.
          "io.netty", Level.ERROR,
          "io.vertx", Level.ERROR,
          // The JDK logs exits and child processes, with their commands, at these names.
          "java.lang", Level.OFF,
          // SQLite's driver: each statement, and we look at the keys twice a second.
          "DriverManager", Level.WARN);

  private static final InstantSource CLOCK = InstantSource.system();

  private static final AtomicReference<LogSettings> SETTINGS =
      new AtomicReference<>(LogSettings.USUAL);
  private static final AtomicReference<Optional<Thread>> BEGINNING =
      new AtomicReference<>(Optional.empty());

  /** Round what loggers there are, and their levels. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static Optional<LoggerContext> ours = Optional.empty();
  private static Map<String, Level> named = Map.of();

  /** Begins to set it up, on a thread of its own; whoever logs first waits for it. */
  static void begin() {
    setUnlessGiven("slf4j.provider", LogbackServiceProvider.class.getName()); // No jar is searched.
    setUnlessGiven("slf4j.internal.verbosity", "ERROR"); // It would tell of that on stderr.
    Thread thread =
        Thread.ofPlatform()
            .daemon(true)
            .name("sallyport-logging")
            .unstarted(LoggerFactory::getILoggerFactory);
    if (BEGINNING.compareAndSet(Optional.empty(), Optional.of(thread))) {
      thread.start();
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** These count from now on, whether or not lines have been written before. */
  static void use(LogSettings settings) {
    LOCK.lock();
    try {
      SETTINGS.set(settings);
      ours.ifPresent(context -> level(context, settings));
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether lines are for programs. */
  static boolean isJson() {
    return SETTINGS.get().json();
  }

  /** Waits for what was begun. What is logged before that comes later, or never at an end. */
  static void await() {
    BEGINNING
        .get()
        .ifPresent(
            thread -> {
              try {
                thread.join();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** The line that says that others are missing. */
  static String leftOut(long lines) {
    String message = lines + " lines are missing here: they could not be written in time";
    long now = CLOCK.millis();
    return isJson()
        ? EcsLine.of(now, "warn", message, ErrorLines.class, SETTINGS.get().service())
        : TextLine.of(now, "WARN", message);
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(OWN_FILE) != null) {
      Log.tellDetails(true); // It is that file's to say which.
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Lines lines = new Lines();
    lines.setContext(context);
    lines.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(lines);
    LOCK.lock();
    try {
      ours = Optional.of(context);
      level(context, SETTINGS.get());
    } finally {
      LOCK.unlock();
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void level(LoggerContext context, LogSettings settings) {
    Map<String, Level> next = new HashMap<>(OF_OTHERS);
    next.putAll(settings.levels());
    for (String gone : named.keySet()) {
      if (!next.containsKey(gone)) {
        context.getLogger(gone).setLevel(null); // that of its parent
      }
    }
    next.forEach((name, level) -> context.getLogger(name).setLevel(level));
    named = Map.copyOf(next);
    Level root = Level.toLevel(System.getenv("SALLYPORT_LOG"), settings.level());
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(root);
    Log.tellDetails(settings.isDetailed(root));
  }

  private static String line(ILoggingEvent event, LogSettings settings) {
    return settings.json() ? EcsLine.of(event, settings.service()) : TextLine.of(event);
  }

  /** Made into a line on the thread that logs: what it does is known there alone. */
  private static final class Lines extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      ErrorLines.OF_PROCESS.write(line(event, SETTINGS.get()));
    }
  }
}
