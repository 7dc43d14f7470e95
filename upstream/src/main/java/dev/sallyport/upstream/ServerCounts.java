package dev.sallyport.upstream;

import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.Tally;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a server stands, in numbers that are known without asking it: one that hangs still counts as
 * up. {@link ServerStatus} asks.
 *
 * @param up false while its last start has failed
 * @param processes those that live and those that are being ended; of a URL, conversations
 * @param calls requests in progress, parked ones and subscriptions among them
 * @param waiting exchanges that wait for a place
 * @param events what happened since it was shared: how often it was started, crashed, and so on
 * @param faults how it broke the protocol, and how often
 */
public record ServerCounts(
    boolean up,
    int processes,
    int calls,
    int waiting,
    Map<String, Long> events,
    Map<String, Long> faults) {
  /** Of one that has not come up yet. */
  public static final ServerCounts NOT_UP = new ServerCounts(false, 0, 0, 0, Map.of(), Map.of());

  public ServerCounts {
    events = Map.copyOf(events);
    faults = Map.copyOf(faults);
  }

  static ServerCounts of(StartBreaker.Standing standing, Slots.Snapshot snapshot, Tally tally) {
    List<Conversation> alive =
        Stream.concat(
                snapshot.slots().stream().flatMap(slot -> slot.child().stream()),
                snapshot.spare().stream())
            .filter(Conversation::alive)
            .toList();
    return new ServerCounts(
        standing.failures() == 0,
        alive.size() + snapshot.ending(),
        alive.stream().mapToInt(Conversation::calls).sum(),
        snapshot.waiting(),
        tally.events(),
        tally.faults());
  }
}
