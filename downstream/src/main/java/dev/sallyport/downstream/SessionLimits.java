package dev.sallyport.downstream;

import java.time.Duration;

/**
 * Bounds of legacy sessions.
 *
 * @param perCaller most sessions of one caller; beyond it 429
 * @param total most sessions of all callers; beyond it 503
 * @param idle a session nobody used for so long is gone (LH-05)
 * @param streams most event streams of one session that are open or can be resumed
 * @param replayEvents most events kept for resuming, for each stream
 * @param replayBytes most bytes kept for resuming, for each session
 * @param replayTotal most bytes kept for resuming, for all sessions together
 * @param replayAge how long events are kept after their stream broke (LH-16)
 * @param batch most messages in a batch (LH-18)
 * @param questionTimeout how long an answer of the client is waited for (MR-09)
 * @param questionRounds most rounds of questions in one call
 * @param subscriptions most resources one session is subscribed to
 */
public record SessionLimits(
    int perCaller,
    int total,
    Duration idle,
    int streams,
    int replayEvents,
    int replayBytes,
    long replayTotal,
    Duration replayAge,
    int batch,
    Duration questionTimeout,
    int questionRounds,
    int subscriptions) {
  public static final SessionLimits DEFAULT =
      new SessionLimits(
          64,
          10_000,
          Duration.ofMinutes(30),
          32,
          256,
          1 << 20,
          64 << 20,
          Duration.ofMinutes(5),
          50,
          Duration.ofMinutes(10),
          32,
          64);

  public SessionLimits {
    if (perCaller < 1
        || total < 1
        || streams < 1
        || replayEvents < 1
        || replayBytes < 1
        || replayTotal < 1
        || batch < 1
        || questionRounds < 1
        || subscriptions < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
    if (!idle.isPositive() || !replayAge.isPositive() || !questionTimeout.isPositive()) {
      throw new IllegalArgumentException("every time is positive");
    }
  }
}
