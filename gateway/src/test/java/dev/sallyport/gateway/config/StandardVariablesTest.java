package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of OpenTelemetry count where the file is silent, and only there. */
final class StandardVariablesTest {
  private static final String SERVERS = "servers: {notes: {command: npx}}\n";
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
                0.5,
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
              assertThat(to.traces()).isEqualTo(1);
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
    "parentbased_traceidratio, 0.5, true",
    "jaeger_remote, 1, false"
  })
  void the_ways_to_choose_have_their_counterparts(String sampler, double ratio, boolean follow) {
    TelemetryConfig.To to =
        (TelemetryConfig.To)
            telemetry(
                "telemetry: {otlp: 'http://127.0.0.1:4318'}",
                Map.of("OTEL_TRACES_SAMPLER", sampler, "OTEL_TRACES_SAMPLER_ARG", "0.5"));

    assertThat(to.traces()).isEqualTo(ratio);
    assertThat(to.followCallers()).isEqualTo(follow);
  }

  @Test
  void one_that_is_switched_off_by_its_variable_sends_nothing_unless_the_file_says_so() {
    Map<String, String> off =
        Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");

    assertThat(telemetry("", off)).isEqualTo(new TelemetryConfig.Off());
    assertThat(telemetry("telemetry: {otlp: 'http://127.0.0.1:1'}", off))
        .isInstanceOf(TelemetryConfig.To.class);
  }

  @Test
  void what_is_wrong_with_one_is_a_remark_without_its_value_and_only_where_it_counts() {
    Map<String, String> wrong =
        Map.of(
            "OTEL_EXPORTER_OTLP_HEADERS", "s3cret,content-type=x,a=%zz",
            "OTEL_TRACES_SAMPLER", "s3cret",
            "OTEL_TRACES_SAMPLER_ARG", "2");

    assertThat(
            sound("telemetry: {otlp: 'http://127.0.0.1:4318'}", wrong).remarks().stream()
                .map(remark -> remark.told("f")))
        .containsExactly(
            "OTEL_EXPORTER_OTLP_HEADERS: has a part that is not NAME=VALUE; it is ignored",
            "OTEL_EXPORTER_OTLP_HEADERS: has a header that cannot be sent; it is ignored",
            "OTEL_TRACES_SAMPLER: names a way to choose that is not known here; it is ignored",
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
