package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The variables by which every program with OpenTelemetry is told what to do. What is wrong with
 * one is a remark and no fault: it may be meant for others (OpenTelemetry's specification of them).
 */
final class StandardVariables {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String OURSELVES = "sallyport";

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

  Optional<Receiver> endpoint() {
    return value("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()
        ? Optional.empty()
        : value(ENDPOINT, Kinds.RECEIVER);
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
        .orElse(OURSELVES);
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
        ignored(SAMPLER, "names a way to choose that is not known here");
        yield new Sampling(1, false);
      }
    };
  }
}
