package dev.sallyport.gateway.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How long exchanges took: a histogram for each set of labels. There is room for so many sets; what
 * comes later is one series. To record what has been seen before takes no lock. Thread-safe.
 */
final class Durations {
  /** Of 17 lines each: a page stays at about 8 MB. */
  static final int MOST_SERIES = 2_000;

  private static final String NAME = "mcp_server_operation_duration_seconds";
  private static final long NANOS_OF_A_MILLI = 1_000_000;

  /** Upper bounds in milliseconds, as the conventions have them for MCP. */
  private static final long[] BOUNDS = {
    10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000
  };

  private final int most;
  private final Map<Labels, Series> all = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Series rest = new Series();
  private volatile boolean full;

  /**
   * @param most sets of labels
   */
  Durations(int most) {
    this.most = most;
  }

  /** One histogram. A duration is counted in one place alone; the page adds them up. */
  private static final class Series {
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Series() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
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

  void writeTo(Exposition page) {
    page.family(NAME, "histogram", "How long requests of clients took.");
    new TreeMap<>(all).forEach((labels, series) -> write(page, labels, series));
    if (full) {
      write(page, Labels.ALL_OTHER, rest);
    }
  }

  private static void write(Exposition page, Labels labels, Series series) {
    double sum = series.nanos.sum() / 1e9;
    Map<String, String> names = labels.toMap();
    Map<String, String> bounded = new LinkedHashMap<>(names);
    long count = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      count += series.counts[i].sum();
      bounded.put("le", Exposition.number(BOUNDS[i] / 1e3));
      page.sample(NAME + "_bucket", count, bounded);
    }
    count += series.counts[BOUNDS.length].sum();
    bounded.put("le", "+Inf");
    page.sample(NAME + "_bucket", count, bounded);
    page.sample(NAME + "_sum", sum, names);
    page.sample(NAME + "_count", count, names);
  }
}
