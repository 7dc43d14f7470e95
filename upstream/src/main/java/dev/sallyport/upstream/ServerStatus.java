package dev.sallyport.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a server stands, as found out just now: every child was asked whether it answers.
 *
 * @param state whether the next call can be expected to succeed
 * @param why why the last start failed, for the operator; empty when it did not
 * @param lastStderr what the server wrote to its error output then, oldest first
 * @param nextTry how long calls are turned away without another try; zero when they are not
 * @param ending processes that are being ended
 * @param waiting exchanges that wait for a place
 * @param events what happened since it was shared: how often it was started, crashed, and so on
 * @param faults how it broke the protocol, and how often
 */
public record ServerStatus(
    State state,
    Optional<String> why,
    List<String> lastStderr,
    Duration nextTry,
    List<Child> children,
    int ending,
    int waiting,
    Map<String, Long> events,
    Map<String, Long> faults) {
  public ServerStatus {
    lastStderr = List.copyOf(lastStderr);
    children = List.copyOf(children);
    events = Map.copyOf(events);
    faults = Map.copyOf(faults);
  }

  /** What can be expected of the next call. */
  public enum State {
    /** A process that answers is there, or will be started when it is needed. */
    READY,
    /** There are processes, and none of them answers. */
    SILENT,
    /** It did not come up the last time. */
    FAILING,
    /** It did not come up many times in a row; there is one try every few minutes. */
    PARKED
  }

  public boolean ready() {
    return state == State.READY;
  }

  /**
   * One process.
   *
   * @param where what it is: {@code stdio, pid 4711}
   * @param whose who shares it, for people
   * @param calls requests in progress, parked ones and subscriptions among them
   * @param answers whether it answered just now
   */
  public record Child(String where, String whose, int calls, boolean answers) {}
}
