package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Who waits for a place while all are taken. Whoever has the fewest goes first, then whoever came
 * first: a caller that wants many cannot keep out one that wants its first. Bounded, also for each
 * caller. Guarded by the lock of {@link Occupancy}.
 */
final class WaitingLine {
  static final int MOST = 256;
  static final int MOST_PER_CALLER = 16;

  private final List<Ticket> tickets = new ArrayList<>();

  /** A turn somebody waits for. */
  static final class Ticket {
    private final Optional<Caller> account;

    Ticket(Optional<Caller> account) {
      this.account = account;
    }
  }

  /** False when too many wait already. */
  boolean join(Ticket ticket) {
    if (tickets.contains(ticket)) {
      return true;
    }
    long own = tickets.stream().filter(other -> other.account.equals(ticket.account)).count();
    return tickets.size() < MOST && own < MOST_PER_CALLER && tickets.add(ticket);
  }

  void leave(Ticket ticket) {
    tickets.remove(ticket);
  }

  boolean isEmpty() {
    return tickets.isEmpty();
  }

  int size() {
    return tickets.size();
  }

  /**
   * Whether somebody else's turn comes first.
   *
   * @param ticket in the line, or of one who has just come
   * @param held how many an account has
   * @param servable whether an account may have one more; who may not keeps nobody waiting
   */
  boolean precedes(
      Ticket ticket, ToLongFunction<Optional<Caller>> held, Predicate<Optional<Caller>> servable) {
    int arrived = tickets.contains(ticket) ? tickets.indexOf(ticket) : tickets.size();
    long own = held.applyAsLong(ticket.account);
    for (int i = 0; i < tickets.size(); i++) {
      Optional<Caller> other = tickets.get(i).account;
      if (tickets.get(i) == ticket || !servable.test(other)) {
        continue;
      }
      long theirs = held.applyAsLong(other);
      if (theirs < own || (theirs == own && i < arrived)) {
        return true;
      }
    }
    return false;
  }
}
