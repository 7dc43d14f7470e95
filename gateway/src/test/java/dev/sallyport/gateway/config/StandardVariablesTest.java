package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of OpenTelemetry count where the file is silent, and only there. */
final class StandardVariablesTest {
  private static final String SERVERS = "servers: {notes: {command: npx}}\n";
  private static final String OTLP = "telemetry: {otlp: 'http://127.0.0.1:4318'}";
  private static final Map<String, String> ALL =
      Map.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318",
          "OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret%20one, x-team=blue+red",
          "OTEL_SERVICE_NAME", "gateway",
          "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=other",
          "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
          "OTEL_TRACES_SAMPLER_ARG", "0.5");

  @Test
  void without_them_and_without_a_word_of_the_file_nothing_is_sent() {
    assertThat(telemetry("", Map.of())).isEqualTo(new TelemetryConfig.Off());
  }

  @Test
  void they_say_all_that_a_file_can_say() {
    Reading.Sound sound = sound("", ALL);

    assertThat(sound.config().telemetry())
        .isEqualTo(
            new TelemetryConfig.To(
                HttpUrl.of("http://127.0.0.1:4318").orElseThrow(),
                HttpFields.empty().with("api-key", "s3cret one").with("x-team", "blue+red"),
                OptionalDouble.of(0.5),
                true,
                Optional.of(Duration.ofSeconds(60)),
                "gateway",
                Map.of("deployment.environment.name", "test", "service.name", "other")));
    assertThat(sound.effective()).contains("otlp: \"***\"", "traces: 0.5");
    assertThat(sound.effective() + sound.config()).doesNotContain("s3cret");
    assertThat(sound.remarks()).isEmpty();
  }

  @Test
  void what_the_file_says_wins() {
    TelemetryConfig said =
        telemetry(
            "telemetry: {otlp: 'https://c.example', headers: {a: b}, traces: 1, follow-callers:"
                + " false, metrics: off, service-name: team}",
            ALL);

    assertThat(said)
        .isInstanceOfSatisfying(
            TelemetryConfig.To.class,
            to -> {
              assertThat(to.endpoint()).hasToString("https://c.example/");
              assertThat(to.headers()).isEqualTo(HttpFields.empty().with("a", "b"));
              assertThat(to.traces()).hasValue(1);
              assertThat(to.followCallers()).isFalse();
              assertThat(to.metrics()).isEmpty();
              assertThat(to.serviceName()).isEqualTo("team");
            });
    assertThat(telemetry("telemetry: {otlp: off}", ALL)).isEqualTo(new TelemetryConfig.Off());
  }

  @ParameterizedTest
  @CsvSource({
    "always_on, 1, false",
    "always_off, 0, false",
    "traceidratio, 0.5, false",
    "parentbased_always_on, 1, true",
    "parentbased_always_off, 0, true",
    "parentbased_traceidratio, 0.5, true"
  })
  void the_ways_to_choose_have_their_counterparts(String sampler, double ratio, boolean follow) {
    TelemetryConfig.To to =
        (TelemetryConfig.To)
            telemetry(
                "telemetry: {otlp: 'http://127.0.0.1:4318'}",
                Map.of("OTEL_TRACES_SAMPLER", sampler, "OTEL_TRACES_SAMPLER_ARG", "0.5"));

    assertThat(to.traces()).hasValue(ratio);
    assertThat(to.followCallers()).isEqualTo(follow);
  }

  @Test
  void one_that_is_switched_off_by_its_variable_sends_nothing_whatever_the_file_says() {
    Map<String, String> off =
        Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");

    assertThat(telemetry("", off)).isEqualTo(new TelemetryConfig.Off());
    assertThat(sound("", off).remarks()).isEmpty();
    Reading.Sound written = sound("telemetry: {otlp: 'http://127.0.0.1:1'}", off);
    assertThat(written.config().telemetry()).isEqualTo(new TelemetryConfig.Off());
    assertThat(told(written)).containsExactly("OTEL_SDK_DISABLED: is true, so nothing is sent");
    assertThat(written.effective()).contains("otlp: \"off\"").doesNotContain("127.0.0.1:1'");
    assertThat(telemetry(OTLP, Map.of("OTEL_SDK_DISABLED", "false")))
        .isInstanceOf(TelemetryConfig.To.class);
  }

  @Test
  void exporters_that_are_none_send_nothing_of_theirs_unless_the_file_says_otherwise() {
    Map<String, String> noTraces = Map.of("OTEL_TRACES_EXPORTER", "none");
    Map<String, String> noNumbers = Map.of("OTEL_METRICS_EXPORTER", " None ");

    assertThat(to(OTLP, noTraces).traces()).isEmpty();
    assertThat(to(OTLP, noTraces).metrics()).contains(Duration.ofSeconds(60));
    assertThat(to(OTLP, noNumbers).traces()).hasValue(1);
    assertThat(to(OTLP, noNumbers).metrics()).isEmpty();
    assertThat(to(otlp("traces: 0.5"), noTraces).traces()).hasValue(0.5);
    assertThat(to(otlp("metrics: 5s"), noNumbers).metrics()).contains(Duration.ofSeconds(5));
    assertThat(to(otlp("traces: off"), Map.of("OTEL_TRACES_EXPORTER", "otlp")).traces()).isEmpty();
    assertThat(to(OTLP, Map.of("OTEL_METRICS_EXPORTER", "otlp,prometheus")).metrics()).isPresent();
    assertThat(to(OTLP, Map.of("OTEL_METRICS_EXPORTER", "prometheus")).metrics()).isEmpty();
    assertThat(
            telemetry(
                OTLP, Map.of("OTEL_METRICS_EXPORTER", "none", "OTEL_TRACES_EXPORTER", "none")))
        .isEqualTo(new TelemetryConfig.Off());
    assertThat(sound(OTLP, noTraces).effective()).contains("traces: \"off\"");
    assertThat(sound(otlp("traces: 0.5"), noTraces).effective()).contains("traces: 0.5");
  }

  @Test
  void numbers_are_sent_as_often_as_their_variable_says_where_the_file_is_silent() {
    Map<String, String> often = Map.of("OTEL_METRIC_EXPORT_INTERVAL", "5000");

    assertThat(to(OTLP, often).metrics()).contains(Duration.ofSeconds(5));
    assertThat(to(otlp("metrics: 7s"), often).metrics()).contains(Duration.ofSeconds(7));
    Reading.Sound never = sound(OTLP, Map.of("OTEL_METRIC_EXPORT_INTERVAL", "0"));
    assertThat(((TelemetryConfig.To) never.config().telemetry()).metrics())
        .contains(Duration.ofSeconds(60));
    assertThat(told(never)).hasSize(1).allMatch(remark -> remark.endsWith("it is ignored"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "OTEL_TRACES_EXPORTER zipkin",
        "OTEL_TRACES_EXPORTER otlp,console",
        "OTEL_TRACES_EXPORTER prometheus",
        "OTEL_METRICS_EXPORTER console",
        "OTEL_TRACES_SAMPLER jaeger_remote",
        "OTEL_PROPAGATORS b3",
        "OTEL_PROPAGATORS none",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE delta",
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"
            + " base2_exponential_bucket_histogram"
      })
  void what_cannot_be_done_is_refused_and_only_where_something_is_sent(String name, String value) {
    assertThat(faults(OTLP, Map.of(name, value)))
        .hasSize(1)
        .allMatch(fault -> fault.startsWith(name + ": ") && !fault.contains(value));
    assertThat(sound("", Map.of(name, value)).remarks()).isEmpty();
    assertThat(sound("telemetry: {otlp: off}", Map.of(name, value)).remarks()).isEmpty();
    assertThat(
            telemetry(
                otlp("traces: off, follow-callers: false, metrics: off"), Map.of(name, value)))
        .isEqualTo(new TelemetryConfig.Off());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "OTEL_EXPORTER_OTLP_PROTOCOL grpc",
        "OTEL_EXPORTER_OTLP_PROTOCOL http/json",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL grpc",
        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL grpc",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT http://127.0.0.1:1/v1/traces",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT http://127.0.0.1:1/v1/metrics"
      })
  void another_way_to_a_receiver_is_refused_unless_the_file_names_one(String name, String value) {
    assertThat(faults("", Map.of(name, value, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")))
        .hasSize(1)
        .allMatch(fault -> fault.startsWith(name + ": "));
    assertThat(sound(OTLP, Map.of(name, value)).remarks()).isEmpty();
    assertThat(telemetry("", Map.of(name, value))).isEqualTo(new TelemetryConfig.Off());
  }

  @Test
  void what_they_may_say_besides_is_no_fault() {
    assertThat(
            sound(
                    "",
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318",
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                        "OTEL_PROPAGATORS", "tracecontext, baggage",
                        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Cumulative",
                        "OTEL_TRACES_EXPORTER", "OTLP",
                        "OTEL_LOGS_EXPORTER", "otlp",
                        "OTEL_BSP_SCHEDULE_DELAY", "1"))
                .remarks())
        .isEmpty();
  }

  @Test
  void what_would_make_a_difference_and_is_not_read_is_a_remark() {
    assertThat(told(sound(OTLP, Map.of("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"))))
        .containsExactly("OTEL_EXPORTER_OTLP_CERTIFICATE: is not read here; it is ignored");
    assertThat(sound("", Map.of("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem")).remarks()).isEmpty();
  }

  @Test
  void the_log_has_the_name_that_telemetry_has_also_where_nothing_is_sent() {
    Map<String, String> named = Map.of("OTEL_SERVICE_NAME", "team");
    Map<String, String> resource = Map.of("OTEL_RESOURCE_ATTRIBUTES", "service.name=other");

    assertThat(service("", Map.of())).isEqualTo("sallyport");
    assertThat(service("", named)).isEqualTo("team");
    assertThat(service("", resource)).isEqualTo("other");
    assertThat(service("telemetry: {otlp: off, service-name: mine}", named)).isEqualTo("mine");
    assertThat(service(OTLP, named)).isEqualTo("team");
    assertThat(service(otlp("service-name: mine"), named)).isEqualTo("mine");
    assertThat(LogConfig.service(named)).isEqualTo("team");
    assertThat(LogConfig.service(Map.of("OTEL_SERVICE_NAME", "\n"))).isEqualTo("sallyport");
    assertThat(sound("", Map.of("OTEL_SERVICE_NAME", "\n.")).remarks()).isEmpty();
  }

  private static String service(String file, Map<String, String> environment) {
    return sound(file, environment).config().log().service();
  }

  private static String otlp(String more) {
    return "telemetry: {otlp: 'http://127.0.0.1:4318', " + more + "}";
  }

  private static TelemetryConfig.To to(String file, Map<String, String> environment) {
    return (TelemetryConfig.To) telemetry(file, environment);
  }

  private static List<String> told(Reading.Sound sound) {
    return sound.remarks().stream().map(remark -> remark.told("f")).toList();
  }

  private static List<String> faults(String file, Map<String, String> environment) {
    Reading reading = ConfigReader.read(SERVERS + file, Path.of("/"), environment);
    assertThat(reading).isInstanceOf(Reading.Faulty.class);
    return ((Reading.Faulty) reading).faults().stream().map(fault -> fault.told("f")).toList();
  }

  @Test
  void what_is_wrong_with_one_is_a_remark_without_its_value_and_only_where_it_counts() {
    Map<String, String> wrong =
        Map.of(
            "OTEL_EXPORTER_OTLP_HEADERS", "s3cret,content-type=x,a=%zz",
            "OTEL_TRACES_SAMPLER", "traceidratio",
            "OTEL_TRACES_SAMPLER_ARG", "2");

    assertThat(
            sound("telemetry: {otlp: 'http://127.0.0.1:4318'}", wrong).remarks().stream()
                .map(remark -> remark.told("f")))
        .containsExactly(
            "OTEL_EXPORTER_OTLP_HEADERS: has a part that is not NAME=VALUE; it is ignored",
            "OTEL_EXPORTER_OTLP_HEADERS: has a header that cannot be sent; it is ignored",
            "OTEL_TRACES_SAMPLER_ARG: its value is not a number from 0 to 1; for example 0.1; it"
                + " is ignored");
    assertThat(sound("", wrong).remarks()).isEmpty();
    assertThat(sound("", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://x")).remarks()).hasSize(1);
  }

  private static TelemetryConfig telemetry(String file, Map<String, String> environment) {
    return sound(file, environment).config().telemetry();
  }

  private static Reading.Sound sound(String file, Map<String, String> environment) {
    Reading reading = ConfigReader.read(SERVERS + file, Path.of("/"), environment);
    assertThat(reading).isInstanceOf(Reading.Sound.class);
    return (Reading.Sound) reading;
  }

  @Test
  void a_record_of_it_shows_no_secret() {
    assertThat(List.of(telemetry("", ALL)).toString()).contains("api-key").doesNotContain("s3cret");
  }
}
