package dev.sallyport.gateway.telemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is counted of servers. It is forgotten with the last server of a name: configurations change
 * while they are served, any number of times. What is counted of one that is no more is forgotten
 * by whoever counted it. Thread-safe.
 */
final class ServerNumbers {
  /**
   * Those that are there, by their names: while one is replaced, there are two. The last counts.
   */
  private final Map<String, List<Peer>> peers = new ConcurrentHashMap<>();

  private final Naming names = new Naming();
  private final Durations calls =
      new Durations(
          "mcp.client.operation.duration",
          "How long requests to servers took.",
          Durations.MOST_SERIES,
          this::labels);
  private final Durations sessions =
      new Durations(
          "mcp.client.session.duration",
          "How long sessions with servers lasted.",
          Durations.MOST_SERIES,
          this::labels);

  Naming names() {
    return names;
  }

  void came(Peer peer) {
    peers.merge(peer.name(), List.of(peer), ServerNumbers::both);
  }

  private static List<Peer> both(List<Peer> before, List<Peer> more) {
    List<Peer> all = new ArrayList<>(before);
    all.addAll(more);
    return List.copyOf(all);
  }

  /** One that came. */
  void left(Peer peer) {
    peers.computeIfPresent(
        peer.name(),
        (name, there) -> {
          List<Peer> rest = new ArrayList<>(there);
          rest.remove(peer);
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
    forgetUnlessThere(peer.name());
  }

  void call(Labels labels, long nanos) {
    calls.record(labels, nanos);
    forgetUnlessThere(labels.place());
  }

  void session(Labels labels, Duration lasted) {
    sessions.record(labels, lasted.toNanos());
    forgetUnlessThere(labels.place());
  }

  /** After it was counted: whoever leaves meanwhile forgets it in our place. */
  private void forgetUnlessThere(String name) {
    if (!peers.containsKey(name)) {
      calls.forget(name);
      sessions.forget(name);
    }
  }

  private Map<String, String> labels(String name) {
    List<Peer> there = Objects.requireNonNullElse(peers.get(name), List.of());
    return (there.isEmpty() ? Peer.here(name) : there.getLast()).labels();
  }

  List<Family> read() {
    return List.of(calls.read(), sessions.read());
  }
}
