package dev.sallyport.gateway.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * How long something took: a histogram for each set of labels. There is room for so many sets; what
 * comes later is one series, which stays when there is room again. To record what has been seen
 * before takes no lock. Thread-safe.
 */
final class Durations {
  /** Of 17 lines each: a page stays at about 8 MB. */
  static final int MOST_SERIES = 2_000;

  private static final long NANOS_OF_A_MILLI = 1_000_000;

  /** Upper bounds in milliseconds, as the conventions have them for MCP. */
  private static final long[] BOUNDS = {
    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000
  };

  private final String name;
  private final String help;
  private final int most;
  private final Function<String, Map<String, String>> places;
  private final Map<Labels, Series> all = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Series rest = new Series();
  private volatile boolean full;

  /**
   * @param most sets of labels
   * @param places what more is to be said of a place
   */
  Durations(String name, String help, int most, Function<String, Map<String, String>> places) {
    this.name = name;
    this.help = help;
    this.most = most;
    this.places = places;
  }

  /** One histogram. A duration is counted in one place alone; whoever reads adds them up. */
  private static final class Series {
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Series() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    boolean isEmpty() {
      return Arrays.stream(counts).allMatch(count -> count.sum() == 0);
    }

    void add(long duration) {
      int at = 0;
      while (at < BOUNDS.length && duration > BOUNDS[at] * NANOS_OF_A_MILLI) {
        at++;
      }
      counts[at].increment();
      nanos.add(duration);
    }
  }

  /** Upper bounds in seconds. */
  static List<Double> bounds() {
    return Arrays.stream(BOUNDS).mapToObj(millis -> millis / 1e3).toList();
  }

  void record(Labels labels, long nanos) {
    Series known = all.get(labels);
    (known == null ? further(labels) : known).add(Math.max(0, nanos));
  }

  private Series further(Labels labels) {
    if (full) {
      return rest;
    }
    lock.lock();
    try {
      full = all.size() >= most;
      if (full) {
        return all.getOrDefault(labels, rest);
      }
      Series fresh = new Series();
      Series known = all.putIfAbsent(labels, fresh);
      return known == null ? fresh : known;
    } finally {
      lock.unlock();
    }
  }

  /** As if nothing had been recorded of that place; it makes room. */
  void forget(String place) {
    lock.lock();
    try {
      all.keySet().removeIf(labels -> labels.place().equals(place));
      full = all.size() >= most;
    } finally {
      lock.unlock();
    }
  }

  Family read() {
    List<Family.Point> points = new ArrayList<>();
    new TreeMap<>(all).forEach((labels, series) -> points.add(point(labels, series)));
    if (full || !rest.isEmpty()) {
      points.add(point(Labels.ALL_OTHER, rest));
    }
    return new Family(name, "s", Family.Type.HISTOGRAM, help, points);
  }

  private Family.Point point(Labels labels, Series series) {
    Map<String, String> names = labels.toMap();
    names.putAll(places.apply(labels.place()));
    double sum = series.nanos.sum() / 1e9;
    List<Long> counts = Arrays.stream(series.counts).map(LongAdder::sum).toList();
    return new Family.Point.Spread(names, counts, sum);
  }
}
