package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.SessionLimits;
import java.time.Duration;

/** The default limits with one of them changed. */
final class SessionLimitsOf {
  private static final SessionLimits ALL = SessionLimits.DEFAULT;

  private SessionLimitsOf() {}

  static SessionLimits sessions(int perCaller, int total) {
    return limits(perCaller, total, ALL.streams(), ALL.replayEvents(), ALL.replayBytes());
  }

  static SessionLimits streams(int streams, int replayEvents, int replayBytes) {
    return limits(ALL.perCaller(), ALL.total(), streams, replayEvents, replayBytes);
  }

  static SessionLimits questions(Duration timeout, int rounds) {
    return limits(timeout, rounds, ALL.subscriptions());
  }

  static SessionLimits subscriptions(int subscriptions) {
    return limits(ALL.questionTimeout(), ALL.questionRounds(), subscriptions);
  }

  private static SessionLimits limits(
      int perCaller, int total, int streams, int replayEvents, int replayBytes) {
    return new SessionLimits(
        perCaller,
        total,
        ALL.idle(),
        streams,
        replayEvents,
        replayBytes,
        ALL.replayTotal(),
        ALL.replayAge(),
        ALL.batch(),
        ALL.questionTimeout(),
        ALL.questionRounds(),
        ALL.subscriptions());
  }

  private static SessionLimits limits(Duration timeout, int rounds, int subscriptions) {
    return new SessionLimits(
        ALL.perCaller(),
        ALL.total(),
        ALL.idle(),
        ALL.streams(),
        ALL.replayEvents(),
        ALL.replayBytes(),
        ALL.replayTotal(),
        ALL.replayAge(),
        ALL.batch(),
        timeout,
        rounds,
        subscriptions);
  }
}
