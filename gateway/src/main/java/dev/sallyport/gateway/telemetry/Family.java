package dev.sallyport.gateway.telemetry;

import java.util.List;
import java.util.Map;

/**
 * One kind of number at a moment, whoever it is for: the page of Prometheus and OTLP tell the same.
 *
 * @param name as OpenTelemetry writes it, with dots
 * @param unit of UCUM: {@code s}, or what is counted in braces
 */
public record Family(String name, String unit, Type type, String help, List<Point> points) {
  public Family {
    points = List.copyOf(points);
  }

  /** How its numbers behave. */
  public enum Type {
    /** Only ever grows. */
    COUNTER,
    GAUGE,
    /** Counts by size, which only ever grow. */
    HISTOGRAM
  }

  /** The number, or numbers, of one set of labels, which go by their names with dots. */
  public sealed interface Point {
    Map<String, String> labels();

    record One(Map<String, String> labels, long value) implements Point {}

    /**
     * @param counts by {@link Durations#bounds}, each for itself, and one more above the last
     * @param sum of all, in the unit
     */
    record Spread(Map<String, String> labels, List<Long> counts, double sum) implements Point {
      public Spread {
        counts = List.copyOf(counts);
      }
    }
  }

  /** The upper bounds of all histograms, in seconds. */
  public static List<Double> bounds() {
    return Durations.bounds();
  }

  /** Of a single number. */
  static Family of(String name, String unit, Type type, String help, Point... points) {
    return new Family(name, unit, type, help, List.of(points));
  }
}
