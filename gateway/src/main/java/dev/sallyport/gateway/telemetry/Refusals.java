package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often what was turned away, by reason. Thread-safe. */
final class Refusals {
  /** Statuses that no reason has: there are none of them now. */
  private static final String OTHER = "other";

  /** All reasons from the start, so that a first refusal is seen as a rise from zero. */
  private final SortedMap<String, LongAdder> counts = new TreeMap<>();

  Refusals() {
    counts.put(OTHER, new LongAdder());
    for (Refusal.Reason reason : Refusal.Reason.values()) {
      counts.put(label(reason), new LongAdder());
    }
  }

  /** Both are 403, and a door only shows us its answer. */
  static String label(Refusal.Reason reason) {
    return switch (reason) {
      case FOREIGN_HOST, FOREIGN_ORIGIN -> "foreign";
      case MALFORMED,
          UNAUTHENTICATED,
          INSUFFICIENT_SCOPE,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          NOT_ACCEPTABLE,
          UNSUPPORTED_MEDIA_TYPE,
          TOO_MANY_REQUESTS,
          UNAVAILABLE ->
          reason.name().toLowerCase(Locale.ROOT);
    };
  }

  void count(Refusal.Reason reason) {
    count(label(reason));
  }

  /** Every answer at the door is a refusal, but for the leave that a page asks for beforehand. */
  void countStatus(int status) {
    if (status >= 400) {
      Optional<Refusal.Reason> reason =
          Arrays.stream(Refusal.Reason.values())
              .filter(each -> each.httpStatus() == status)
              .findFirst();
      count(reason.map(Refusals::label).orElse(OTHER));
    }
  }

  private void count(String label) {
    Objects.requireNonNull(counts.get(label)).increment();
  }

  Family read() {
    return new Family(
        "sallyport.refused",
        "{request}",
        Family.Type.COUNTER,
        "Requests that were turned away.",
        counts.entrySet().stream()
            .<Family.Point>map(
                each ->
                    new Family.Point.One(Map.of("reason", each.getKey()), each.getValue().sum()))
            .toList());
  }
}
