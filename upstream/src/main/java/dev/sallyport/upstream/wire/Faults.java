package dev.sallyport.upstream.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts what one server does wrong. Thread-safe. */
public final class Faults {
  private final Consumer<Remark> remarks;
  private final Tally tally;
  private final Map<Fault, AtomicLong> counts =
      Arrays.stream(Fault.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), fault -> new AtomicLong()));

  /**
   * @param tally counts along, for all processes of the server
   */
  public Faults(Consumer<Remark> remarks, Tally tally) {
    this.remarks = remarks;
    this.tally = tally;
  }

  public void count(Fault fault) {
    tally.count(fault);
    long times = Objects.requireNonNull(counts.get(fault)).incrementAndGet();
    if (isPowerOfTen(times)) {
      remarks.accept(new Remark.Misbehaved(fault, times));
    }
  }

  private static boolean isPowerOfTen(long value) {
    long rest = value;
    while (rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }
}
