package dev.sallyport.upstream.stdio;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts what one child does wrong. Thread-safe. */
public final class Faults {
  private final long pid;
  private final Consumer<ChildNotice> notices;
  private final Map<Fault, AtomicLong> counts =
      Arrays.stream(Fault.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), fault -> new AtomicLong()));

  Faults(long pid, Consumer<ChildNotice> notices) {
    this.pid = pid;
    this.notices = notices;
  }

  public void count(Fault fault) {
    long times = counter(fault).incrementAndGet();
    if (isPowerOfTen(times)) {
      notices.accept(new ChildNotice.Misbehaved(pid, fault, times));
    }
  }

  public long of(Fault fault) {
    return counter(fault).get();
  }

  private AtomicLong counter(Fault fault) {
    return Objects.requireNonNull(counts.get(fault));
  }

  private static boolean isPowerOfTen(long value) {
    long rest = value;
    while (rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }
}
