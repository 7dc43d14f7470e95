package dev.sallyport.upstream.http;

import dev.sallyport.transport.outbound.OutboundCall;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Goes on with a stream that ended before what it was for (CL-06): from the last event that had an
 * id, after the time that the server named. Gives up when nothing new comes of it. Confined to
 * whoever reads the stream.
 */
final class Resumption {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_IN_VAIN = 5;

  private final Opening opening;
  private Optional<String> from = Optional.empty();
  private Optional<String> before = Optional.empty();
  private OptionalLong named = OptionalLong.empty();
  private int inVain;
  private long due;

  /** Asks for a stream from an event on; none where streams cannot be taken up again. */
  interface Opening {
    Optional<OutboundCall> from(String lastEventId);
  }

  Resumption(Opening opening) {
    this.opening = opening;
  }

  /** Notes where to go on; false when that is not possible, or has come to nothing too often. */
  boolean plan(Answer ended) {
    from = ended.lastEventId().or(() -> from);
    if (ended.retryMillis().isPresent()) {
      named = ended.retryMillis();
    }
    inVain = from.equals(before) ? inVain + 1 : 0;
    before = from;
    due = System.nanoTime() + pause().toNanos();
    return from.isPresent() && inVain < MOST_IN_VAIN;
  }

  /**
   * To wait longer than a server asks is allowed; to come back without a pause would be a flood.
   */
  static Duration named(long millis) {
    Duration named = Duration.ofMillis(millis);
    return named.compareTo(SHORTEST_PAUSE) > 0 ? named : SHORTEST_PAUSE;
  }

  private Duration pause() {
    Duration pause = named.isPresent() ? named(named.getAsLong()) : FIRST_PAUSE;
    Duration grown = pause.multipliedBy(1L << inVain);
    return grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
  }

  /** Nanoseconds until it may go on. */
  long left() {
    return due - System.nanoTime();
  }

  Optional<OutboundCall> open() {
    return from.flatMap(opening::from);
  }
}
