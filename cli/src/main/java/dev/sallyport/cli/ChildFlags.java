package dev.sallyport.cli;

import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.Sharing;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Who shares the server's processes, and how many there may be. */
final class ChildFlags {
  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})(s|m|h)");

  @Option(
      names = "--isolation",
      paramLabel = "WHO",
      defaultValue = "caller",
      description =
          "one process for each caller, for each session, or shared by all: caller, session or"
              + " shared (default: ${DEFAULT-VALUE})")
  private String isolation = "caller";

  @Option(
      names = "--children",
      paramLabel = "N",
      defaultValue = "20",
      description = "processes at a time (default: ${DEFAULT-VALUE})")
  private int children = 20;

  @Option(
      names = "--children-per-caller",
      paramLabel = "N",
      defaultValue = "8",
      description = "of them, on one caller's account (default: ${DEFAULT-VALUE})")
  private int perCaller = 8;

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      defaultValue = "30m",
      description =
          "how long a process without work is kept: 90s, 30m, 2h (default: ${DEFAULT-VALUE})")
  private String idle = "30m";

  @Option(
      names = "--warm-spare",
      description = "keep one more process ready for whoever comes next")
  private boolean warmSpare;

  Sharing read() throws CliFault {
    if (children < 1 || children > 10_000 || perCaller < 1) {
      throw new CliFault(
          CliFault.USAGE, "--children is 1 to 10000, --children-per-caller at least 1");
    }
    return Sharing.DEFAULT
        .withIsolation(isolation())
        .withChildren(children, perCaller)
        .withIdle(duration("--idle", idle))
        .withWarmSpare(warmSpare);
  }

  private Isolation isolation() throws CliFault {
    return switch (isolation) {
      case "caller" -> Isolation.CALLER;
      case "session" -> Isolation.SESSION;
      case "shared" -> Isolation.SHARED;
      default ->
          throw new CliFault(
              CliFault.USAGE,
              "--isolation " + isolation + " is not one of caller, session, shared");
    };
  }

  private static Duration duration(String flag, String text) throws CliFault {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new CliFault(CliFault.USAGE, flag + " " + text + " is not a time like 90s, 30m or 2h");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** What that means, in one line for people. */
  static String tell(Sharing sharing) {
    String bounds = " (max " + sharing.children() + ", idle " + time(sharing.idle()) + ")";
    return switch (sharing.isolation()) {
      case CALLER -> "one child per caller" + bounds;
      case SESSION ->
          "one child per session"
              + bounds
              + ", per caller for modern clients, which have no sessions";
      case SHARED ->
          "one child for all callers, with one memory; it can ask and log to nobody unless modern";
    };
  }

  private static String time(Duration time) {
    return time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
