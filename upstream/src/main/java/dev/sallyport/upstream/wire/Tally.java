package dev.sallyport.upstream.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What has happened to one server since it was shared, in numbers. Thread-safe. */
public final class Tally {
  private final Map<Event, LongAdder> events = zeroed(Event.values());
  private final Map<Fault, LongAdder> faults = zeroed(Fault.values());

  /** What happens to a server's processes. */
  public enum Event {
    STARTED,
    NOT_STARTED,
    /** A process ended, or had to be given up, without our having meant it to. */
    CRASHED,
    /** A call failed because its process was gone. */
    CALL_LOST,
    /** A call was answered by nobody in its time. */
    TIMED_OUT
  }

  private static <E extends Enum<E>> Map<E, LongAdder> zeroed(E[] all) {
    return Arrays.stream(all)
        .collect(Collectors.toUnmodifiableMap(Function.identity(), each -> new LongAdder()));
  }

  public void count(Event event, long times) {
    Objects.requireNonNull(events.get(event)).add(times);
  }

  public void count(Event event) {
    count(event, 1);
  }

  void count(Fault fault) {
    Objects.requireNonNull(faults.get(fault)).increment();
  }

  /** The events, by their names in lower case; all of them. */
  public Map<String, Long> events() {
    Map<String, Long> sums = new LinkedHashMap<>();
    for (Event event : Event.values()) {
      sums.put(name(event), Objects.requireNonNull(events.get(event)).sum());
    }
    return sums;
  }

  /** How the server broke the protocol, by the faults' names in lower case; those that occurred. */
  public Map<String, Long> faults() {
    Map<String, Long> sums = new LinkedHashMap<>();
    for (Fault fault : Fault.values()) {
      long sum = Objects.requireNonNull(faults.get(fault)).sum();
      if (sum > 0) {
        sums.put(name(fault), sum);
      }
    }
    return sums;
  }

  private static String name(Enum<?> member) {
    return member.name().toLowerCase(Locale.ROOT);
  }
}
