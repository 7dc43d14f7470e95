package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The variables by which every program with OpenTelemetry is told what to do. What cannot be
 * understood of one is a remark and no fault: it may be meant for others (OpenTelemetry's
 * specification of them). What is understood and cannot be done is a fault, or something would be
 * sent that nobody wanted.
 */
final class StandardVariables {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String DISABLED = "OTEL_SDK_DISABLED";
  private static final String PROPAGATORS = "OTEL_PROPAGATORS";
  private static final String INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";
  private static final String OTLP = "OTEL_EXPORTER_OTLP_";

  /** They say what makes a difference, and are not read. */
  private static final List<String> UNREAD =
      List.of(
          "OTEL_CONFIG_FILE",
          OTLP + "CERTIFICATE",
          OTLP + "CLIENT_CERTIFICATE",
          OTLP + "CLIENT_KEY",
          OTLP + "TRACES_HEADERS",
          OTLP + "METRICS_HEADERS");

  private final Map<String, String> environment;
  private final Findings findings;

  /** Which part of all traces, and whether a caller that says what it does itself decides. */
  record Sampling(double ratio, boolean followCallers) {}

  StandardVariables(Map<String, String> environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
  }

  /** As if none were set. */
  StandardVariables none() {
    return new StandardVariables(Map.of(), findings);
  }

  /** The same, which tells nobody what is wrong. */
  StandardVariables withoutAWord() {
    return new StandardVariables(environment, new Findings());
  }

  /** An empty one counts as not set. */
  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private <T> Optional<T> value(String name, Kind<T> kind) {
    Optional<String> value = value(name);
    Optional<T> parsed = value.flatMap(kind::parse);
    if (value.isPresent() && parsed.isEmpty()) {
      ignored(name, kind.not("its value"));
    }
    return parsed;
  }

  private void ignored(String name, String why) {
    findings.remark(new Place.InVariable(name), why + "; it is ignored");
  }

  private void fault(String name, String why) {
    findings.fault(new Place.InVariable(name), why);
  }

  Optional<Receiver> endpoint() {
    return value(ENDPOINT, Kinds.RECEIVER);
  }

  /** Whether nothing is to be sent, whatever else says so. */
  boolean isDisabled() {
    return value(DISABLED).filter("true"::equalsIgnoreCase).isPresent();
  }

  void tellDisabled() {
    findings.remark(new Place.InVariable(DISABLED), "is true, so nothing is sent");
  }

  boolean sendsTraces() {
    return exports("OTEL_TRACES_EXPORTER", Set.of("otlp", "none"));
  }

  /** How often numbers are sent, as a file has it. The page of Prometheus is there anyway. */
  String metrics() {
    if (!exports("OTEL_METRICS_EXPORTER", Set.of("otlp", "none", "prometheus"))) {
      return "off";
    }
    return value(INTERVAL, Kinds.whole(1_000, 3_600_000, 60_000))
        .map(Duration::ofMillis)
        .map(ConfigText::time)
        .orElse("60s");
  }

  /** Whether OTLP is among them, or they say nothing. */
  private boolean exports(String name, Set<String> known) {
    Set<String> exporters = words(name, "otlp");
    if (!known.containsAll(exporters)) {
      fault(name, "names an exporter that is not here; there is otlp, which is sent, and none");
    }
    return exporters.contains("otlp");
  }

  private Set<String> words(String name, String otherwise) {
    return Stream.of(value(name).orElse(otherwise).split(",", -1))
        .map(word -> word.strip().toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  /**
   * Finds fault with what cannot be done.
   *
   * @param receiver whether it is one of these that names it
   */
  void refuse(boolean receiver, boolean traces, boolean metrics) {
    if (receiver) {
      only(OTLP + "PROTOCOL", "http/protobuf");
    }
    if (receiver && traces) {
      only(OTLP + "TRACES_PROTOCOL", "http/protobuf");
      refuseOwnReceiver(OTLP + "TRACES_ENDPOINT");
    }
    if (receiver && metrics) {
      only(OTLP + "METRICS_PROTOCOL", "http/protobuf");
      refuseOwnReceiver(OTLP + "METRICS_ENDPOINT");
    }
    if (traces && !Set.of("tracecontext", "baggage").containsAll(words(PROPAGATORS, ""))) {
      fault(
          PROPAGATORS,
          "names a form of traces that is not here; there is tracecontext, and"
              + "  telemetry: {traces: off}");
    }
    if (metrics) {
      only(OTLP + "METRICS_TEMPORALITY_PREFERENCE", "cumulative");
      only(OTLP + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "explicit_bucket_histogram");
    }
    UNREAD.stream()
        .filter(name -> value(name).isPresent())
        .forEach(name -> ignored(name, "is not read here"));
  }

  private void only(String name, String word) {
    if (value(name).filter(value -> !value.strip().equalsIgnoreCase(word)).isPresent()) {
      fault(name, "asks for what is not here; there is " + word + " alone");
    }
  }

  private void refuseOwnReceiver(String name) {
    if (value(name).isPresent()) {
      fault(
          name,
          "is not read here: traces and numbers go to one receiver, which " + ENDPOINT + " names");
    }
  }

  /**
   * @param ours whether a name, in small letters, is for us to say
   */
  HttpFields headers(Predicate<String> ours) {
    HttpFields fields = HttpFields.empty();
    for (Map.Entry<String, String> each : pairs(HEADERS).entrySet()) {
      Optional<HttpFields> field =
          Optional.of(each)
              .filter(pair -> !ours.test(pair.getKey().toLowerCase(Locale.ROOT)))
              .flatMap(pair -> HeaderFields.one(pair.getKey(), pair.getValue()));
      if (field.isEmpty()) {
        ignored(HEADERS, "has a header that cannot be sent");
      }
      fields = field.map(fields::with).orElse(fields);
    }
    return fields;
  }

  String serviceName() {
    return value("OTEL_SERVICE_NAME", TelemetryReader.NAME)
        .or(
            () ->
                Optional.ofNullable(resource().get("service.name"))
                    .flatMap(TelemetryReader.NAME::parse))
        .orElse(LogConfig.OURSELVES);
  }

  Map<String, String> resource() {
    return pairs(RESOURCE);
  }

  /** Text of the form {@code a=1,b=two%20words}. */
  private Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : value(name).orElse("").split(",", -1)) {
      int equals = pair.indexOf('=');
      Optional<String> decoded =
          equals > 0 ? decoded(pair.substring(equals + 1).strip()) : Optional.empty();
      if (decoded.isPresent()) {
        pairs.put(pair.substring(0, equals).strip(), decoded.get());
      } else if (!pair.isBlank()) {
        ignored(name, "has a part that is not NAME=VALUE");
      }
    }
    return pairs;
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  Sampling sampling() {
    double ratio = value(SAMPLER + "_ARG", Kinds.RATIO).orElse(1.0);
    return switch (value(SAMPLER).orElse("always_on")) {
      case "always_on" -> new Sampling(1, false);
      case "always_off" -> new Sampling(0, false);
      case "traceidratio" -> new Sampling(ratio, false);
      case "parentbased_always_on" -> new Sampling(1, true);
      case "parentbased_always_off" -> new Sampling(0, true);
      case "parentbased_traceidratio" -> new Sampling(ratio, true);
      default -> {
        fault(
            SAMPLER,
            "names a way to choose that is not here; there are always_on, always_off and"
                + " traceidratio, and the same with parentbased_");
        yield new Sampling(1, false);
      }
    };
  }
}
