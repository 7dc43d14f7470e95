package dev.sallyport.upstream.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much one child and all it starts may use; empty is no limit.
 *
 * @param memory bytes
 * @param processes and threads, which the system counts alike
 * @param files open at a time, in each process
 * @param cpus in whole processors, 1.5 is one and a half
 */
public record ResourceLimits(
    OptionalLong memory, OptionalInt processes, OptionalInt files, OptionalDouble cpus) {
  public static final ResourceLimits DEFAULT =
      new ResourceLimits(
          OptionalLong.of(2L << 30),
          OptionalInt.of(256),
          OptionalInt.of(1024),
          OptionalDouble.empty());

  public static final ResourceLimits UNLIMITED =
      new ResourceLimits(
          OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.empty());

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,11})([kmgKMG]?)");
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,6}");
  private static final Pattern PORTION = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,2})?");
  private static final long LEAST_MEMORY = 16L << 20;
  private static final double LEAST_PORTION = 0.01;

  public ResourceLimits {
    if (memory.orElse(LEAST_MEMORY) < LEAST_MEMORY
        || processes.orElse(1) < 1
        || files.orElse(16) < 16
        || cpus.orElse(1) < LEAST_PORTION) {
      throw new IllegalArgumentException("a limit that lets nothing run");
    }
  }

  /** With {@code memory=2g}, {@code processes=256}, {@code files=1024} or {@code cpus=1.5}. */
  public Optional<ResourceLimits> with(String setting) {
    int equals = setting.indexOf('=');
    if (equals < 0) {
      return Optional.empty();
    }
    String value = setting.substring(equals + 1);
    try {
      return switch (setting.substring(0, equals)) {
        case "memory" ->
            bytes(value)
                .map(size -> new ResourceLimits(OptionalLong.of(size), processes, files, cpus));
        case "processes" ->
            count(value).map(n -> new ResourceLimits(memory, OptionalInt.of(n), files, cpus));
        case "files" ->
            count(value).map(n -> new ResourceLimits(memory, processes, OptionalInt.of(n), cpus));
        case "cpus" ->
            portion(value)
                .map(p -> new ResourceLimits(memory, processes, files, OptionalDouble.of(p)));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException tooLittle) {
      return Optional.empty();
    }
  }

  private static Optional<Long> bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int shift =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group(1));
    return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
  }

  private static Optional<Integer> count(String text) {
    return COUNT.matcher(text).matches() ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private static Optional<Double> portion(String text) {
    return PORTION.matcher(text).matches()
        ? Optional.of(Double.parseDouble(text))
        : Optional.empty();
  }

  /** For people: {@code 2 GiB, 256 processes}. */
  String text() {
    List<String> parts = new ArrayList<>();
    memory.ifPresent(bytes -> parts.add(size(bytes)));
    processes.ifPresent(count -> parts.add(count + " processes"));
    files.ifPresent(count -> parts.add(count + " open files"));
    cpus.ifPresent(count -> parts.add(String.format(Locale.ROOT, "%.4g cpus", count)));
    return String.join(", ", parts);
  }

  private static String size(long bytes) {
    for (int power = 3; power > 0; power--) {
      long unit = 1L << (10 * power);
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + " " + "KMG".charAt(power - 1) + "iB";
      }
    }
    return bytes + " bytes";
  }
}
