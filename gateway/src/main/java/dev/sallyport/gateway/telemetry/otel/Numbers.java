package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.gateway.telemetry.Family;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The numbers of the gateway as the SDK has them. They are counted in one place alone, and read
 * from there when they are due. Thread-safe.
 */
final class Numbers implements MetricProducer {
  private final InstrumentationScopeInfo scope;
  private final Supplier<List<Family>> families;
  private final LongSupplier epochNanos;
  private final long since;

  /**
   * @param epochNanos a clock of nanoseconds since 1970
   */
  Numbers(
      InstrumentationScopeInfo scope, Supplier<List<Family>> families, LongSupplier epochNanos) {
    this.scope = scope;
    this.families = families;
    this.epochNanos = epochNanos;
    this.since = epochNanos.getAsLong();
  }

  private record Told(
      Resource resource,
      InstrumentationScopeInfo instrumentationScopeInfo,
      Family family,
      MetricDataType type,
      Data<?> data)
      implements MetricData {
    @Override
    public Resource getResource() {
      return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return instrumentationScopeInfo;
    }

    @Override
    public String getName() {
      return family.name();
    }

    @Override
    public String getDescription() {
      return family.help();
    }

    @Override
    public String getUnit() {
      return family.unit();
    }

    @Override
    public MetricDataType getType() {
      return type;
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }

  @Override
  public Collection<MetricData> produce(Resource resource) {
    long now = epochNanos.getAsLong();
    List<MetricData> all = new ArrayList<>();
    for (Family family : families.get()) {
      if (!family.points().isEmpty()) {
        all.add(told(resource, family, now));
      }
    }
    return all;
  }

  private MetricData told(Resource resource, Family family, long now) {
    return switch (family.type()) {
      case HISTOGRAM ->
          new Told(
              resource,
              scope,
              family,
              MetricDataType.HISTOGRAM,
              HistogramData.create(AggregationTemporality.CUMULATIVE, spreads(family, now)));
      case COUNTER ->
          new Told(
              resource,
              scope,
              family,
              MetricDataType.LONG_SUM,
              SumData.createLongSumData(
                  true, AggregationTemporality.CUMULATIVE, ones(family, now)));
      case GAUGE ->
          new Told(
              resource,
              scope,
              family,
              MetricDataType.LONG_GAUGE,
              GaugeData.createLongGaugeData(ones(family, now)));
    };
  }

  private List<LongPointData> ones(Family family, long now) {
    List<LongPointData> points = new ArrayList<>();
    for (Family.Point point : family.points()) {
      if (point instanceof Family.Point.One(Map<String, String> labels, long value)) {
        points.add(LongPointData.create(since, now, attributes(family, labels), value));
      }
    }
    return points;
  }

  private List<HistogramPointData> spreads(Family family, long now) {
    List<HistogramPointData> points = new ArrayList<>();
    for (Family.Point point : family.points()) {
      if (point
          instanceof
          Family.Point.Spread(Map<String, String> labels, List<Long> counts, double sum)) {
        points.add(
            HistogramPointData.create(
                since,
                now,
                attributes(family, labels),
                sum,
                false,
                0,
                false,
                0,
                Family.bounds(),
                counts));
      }
    }
    return points;
  }

  /** What is empty does not apply. How clients come to us is the same for all of them. */
  private static Attributes attributes(Family family, Map<String, String> labels) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach((name, value) -> put(attributes, name, value));
    if (family.name().startsWith("mcp.server.")) {
      attributes.put(Words.TRANSPORT, Words.TCP).put(Words.PROTOCOL, Words.HTTP);
    }
    if (labels.getOrDefault(Words.METHOD.getKey(), "").equals("tools/call")) {
      attributes.put(Words.OPERATION, Words.EXECUTE_TOOL);
    }
    return attributes.build();
  }

  private static void put(AttributesBuilder attributes, String name, String value) {
    if (name.equals(Words.PORT.getKey())) {
      attributes.put(Words.PORT, Long.parseLong(value));
    } else if (!value.isEmpty()) {
      attributes.put(name, value);
    }
  }
}
