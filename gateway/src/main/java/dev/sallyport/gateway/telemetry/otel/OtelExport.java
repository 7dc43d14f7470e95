package dev.sallyport.gateway.telemetry.otel;

import dev.sallyport.gateway.config.TelemetryConfig;
import dev.sallyport.gateway.telemetry.Export;
import dev.sallyport.gateway.telemetry.Family;
import dev.sallyport.gateway.telemetry.Spans;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Spans and numbers on their way to a receiver. Nothing waits for it: what there is no room for, or
 * what it does not take in time, is left out. Thread-safe.
 *
 * <pre>{@code
 * try (OtelExport export = OtelExport.open(config, "1.2.3")) {
 *   Metrics metrics = new Metrics("1.2.3", System::nanoTime, export.spans());
 *   export.begin(() -> metrics.read(standings.readings()));
 *   …
 * }
 * }</pre>
 */
public final class OtelExport implements Export {
  /** Spans that wait; further ones are dropped. */
  static final int MOST_WAITING = 2_048;

  private static final int MOST_AT_ONCE = 512;
  private static final int LONGEST_VALUE = 256;
  private static final Duration BATCH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final String SCOPE = "dev.sallyport";

  /** It would tell of each batch that is not taken, and on stderr. Kept, or it is forgotten. */
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  private final TelemetryConfig.To config;
  private final String version;
  private final Resource resource;
  private final Reception reception;
  private final Optional<SdkTracerProvider> tracers;
  private final Spans spans;
  private final AtomicReference<Optional<SdkMeterProvider>> meters =
      new AtomicReference<>(Optional.empty());

  private OtelExport(TelemetryConfig.To config, String version) {
    this.config = config;
    this.version = version;
    SecureRandom random = new SecureRandom();
    resource = resource(config, version, random);
    reception = new Reception(config.endpoint().origin());
    tracers =
        config.traces().isPresent()
            ? Optional.of(
                tracers(sampler(config, config.traces().getAsDouble(), random.nextLong())))
            : Optional.empty();
    spans = tracers.<Spans>map(some -> new OtelSpans(some.get(SCOPE, version))).orElse(Spans.NONE);
  }

  private SdkTracerProvider tracers(Sampler sampler) {
    return SdkTracerProvider.builder()
        .setResource(resource)
        .setSampler(sampler)
        .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build())
        .addSpanProcessor(
            BatchSpanProcessor.builder(new SpanSender(this::spanExporter, reception))
                .setMaxQueueSize(MOST_WAITING)
                .setMaxExportBatchSize(MOST_AT_ONCE)
                .setScheduleDelay(BATCH)
                .setExporterTimeout(PATIENCE)
                .build())
        .build();
  }

  /**
   * Returns at once; whether anybody receives is found out when there is something to send.
   *
   * @param version of this program
   */
  public static OtelExport open(TelemetryConfig.To config, String version) {
    SDK.setLevel(Level.OFF);
    return new OtelExport(config, version);
  }

  /**
   * Where a process is told apart from others: by its name, and by an id that it has for its life.
   */
  private static Resource resource(TelemetryConfig.To config, String version, SecureRandom random) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put("service.version", version);
    attributes.put("service.instance.id", Long.toHexString(random.nextLong()));
    config.resource().forEach(attributes::put);
    attributes.put("service.name", config.serviceName());
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  /**
   * A caller's own choice counts only where the operator says so. Within a trace of ours the first
   * span's choice holds for the rest.
   */
  private static Sampler sampler(TelemetryConfig.To config, double part, long key) {
    Sampler ratio = new KeyedRatio(part, key);
    return config.followCallers()
        ? Sampler.parentBased(ratio)
        : Sampler.parentBasedBuilder(ratio)
            .setRemoteParentSampled(ratio)
            .setRemoteParentNotSampled(ratio)
            .build();
  }

  private SpanExporter spanExporter() {
    return OtlpHttpSpanExporter.builder()
        .setEndpoint(url("/v1/traces"))
        .setHeaders(this::headers)
        .setConnectTimeout(PATIENCE)
        .setTimeout(PATIENCE)
        .build();
  }

  private MetricExporter metricExporter() {
    return OtlpHttpMetricExporter.builder()
        .setEndpoint(url("/v1/metrics"))
        .setHeaders(this::headers)
        .setConnectTimeout(PATIENCE)
        .setTimeout(PATIENCE)
        .build();
  }

  private String url(String path) {
    return config.endpoint().toString().replaceFirst("/$", "") + path;
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    config.headers().forEach(headers::put);
    return headers;
  }

  @Override
  public Spans spans() {
    return spans;
  }

  /** Reads them on a thread of the SDK's. */
  @Override
  public void begin(Supplier<List<Family>> families) {
    config.metrics().ifPresent(every -> begin(families, every));
  }

  private void begin(Supplier<List<Family>> families, Duration every) {
    Clock clock = Clock.systemUTC();
    InstrumentationScopeInfo scope =
        InstrumentationScopeInfo.builder(SCOPE).setVersion(version).build();
    meters.set(
        Optional.of(
            SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(
                    PeriodicMetricReader.builder(new NumberSender(metricExporter(), reception))
                        .setInterval(every)
                        .setExporterTimeout(PATIENCE)
                        .build())
                // What the SDK counts of itself: nobody asked for it, and it has no bound of ours.
                .registerView(
                    InstrumentSelector.builder().setName("*").build(),
                    View.builder().setAggregation(Aggregation.drop()).build())
                .registerMetricProducer(new Numbers(scope, families, () -> nanos(clock.instant())))
                .build()));
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  /** Sends what is left, for two seconds at most. */
  @Override
  public void close() {
    List<CompletableResultCode> ends = new ArrayList<>();
    tracers.ifPresent(some -> ends.add(some.shutdown()));
    meters.get().ifPresent(some -> ends.add(some.shutdown()));
    CompletableResultCode.ofAll(ends).join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }
}
