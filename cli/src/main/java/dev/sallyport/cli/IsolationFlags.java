package dev.sallyport.cli;

import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.Sharing;
import java.time.Duration;

/** Who shares the server's processes, and how many there may be. */
final class IsolationFlags {
  private static final Flag ISOLATION =
      Flag.taking(
              "isolation",
              "WHO",
              "one process for each caller, for each session, or shared by all: caller, session or"
                  + " shared")
          .withDefault("caller");
  private static final Flag CHILDREN =
      Flag.taking("children", "N", "processes at a time: 20; of a URL, sessions there: 1000");
  private static final Flag PER_CALLER =
      Flag.taking("children-per-caller", "N", "of them, on one caller's account: 8; of a URL: 64");
  private static final Flag IDLE =
      Flag.taking("idle", "TIME", "how long a process without work is kept: 90s, 30m, 2h")
          .withDefault("30m");
  private static final Flag WARM_SPARE =
      Flag.on("warm-spare", "keep one more process ready for whoever comes next");

  private IsolationFlags() {}

  static FlagGroup group() {
    return FlagGroup.of("Its processes", ISOLATION, CHILDREN, PER_CALLER, IDLE, WARM_SPARE);
  }

  /**
   * @param elsewhere whether the server is at a URL: a session costs less than a process
   */
  static Sharing read(Arguments arguments, boolean elsewhere) throws CliFault {
    Sharing standard = elsewhere ? Sharing.ELSEWHERE : Sharing.DEFAULT;
    int children = arguments.number(CHILDREN, standard.children());
    int perCaller = arguments.number(PER_CALLER, standard.childrenPerCaller());
    if (children < 1 || children > 10_000 || perCaller < 1) {
      throw new CliFault(
          CliFault.USAGE, "--children is 1 to 10000, --children-per-caller at least 1");
    }
    return standard
        .withIsolation(isolation(arguments.text(ISOLATION)))
        .withChildren(children, perCaller)
        .withIdle(idle(arguments.text(IDLE)))
        .withWarmSpare(arguments.has(WARM_SPARE));
  }

  private static Isolation isolation(String text) throws CliFault {
    return switch (text) {
      case "caller" -> Isolation.CALLER;
      case "session" -> Isolation.SESSION;
      case "shared" -> Isolation.SHARED;
      default ->
          throw new CliFault(
              CliFault.USAGE, "--isolation " + text + " is not one of caller, session, shared");
    };
  }

  private static Duration idle(String text) throws CliFault {
    return TimeText.read(text, "smh")
        .orElseThrow(
            () ->
                new CliFault(
                    CliFault.USAGE, "--idle " + text + " is not a time like 90s, 30m or 2h"));
  }

  /** What that means, in one line for people. */
  static String tell(Sharing sharing, boolean elsewhere) {
    return elsewhere ? tellElsewhere(sharing) : tell(sharing);
  }

  /** Elsewhere it is sessions that are kept apart. */
  private static String tellElsewhere(Sharing sharing) {
    String bounds = " (max " + sharing.children() + ", idle " + time(sharing.idle()) + ")";
    return switch (sharing.isolation()) {
      case CALLER -> "one session there per caller" + bounds;
      case SESSION ->
          "one session there per session here"
              + bounds
              + ", per caller for modern clients, which have no sessions";
      case SHARED -> "one session there for all callers, with one memory";
    };
  }

  private static String tell(Sharing sharing) {
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
