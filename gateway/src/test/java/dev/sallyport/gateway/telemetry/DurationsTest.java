package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {
  private static final String NAME = "mcp_server_operation_duration_seconds";
  private static final Labels SEARCH = labels("search");

  private final Durations durations =
      new Durations(
          "mcp.server.operation.duration",
          "How long.",
          2,
          place -> Map.of("sallyport.route", place));

  @ParameterizedTest
  @CsvSource({
    "-1, 15",
    "0, 15",
    "10000, 15",
    "10001, 14",
    "300000000, 2",
    "300000001, 1",
    "9000000000, 1"
  })
  void a_duration_is_in_the_buckets_that_reach_it_and_in_no_lower_one(long micros, int reached) {
    durations.record(SEARCH, TimeUnit.MICROSECONDS.toNanos(micros));

    StrictPage page = page();
    List<Double> buckets = page.values(NAME + "_bucket", Map.of());
    assertThat(buckets.subList(15 - reached, 15)).containsOnly(1.0);
    assertThat(buckets.subList(0, 15 - reached)).doesNotContain(1.0);
    assertThat(page.values(NAME + "_count", Map.of())).containsExactly(1.0);
    assertThat(page.values(NAME + "_sum", Map.of())).containsExactly(Math.max(0, micros) / 1e6);
  }

  @Test
  void the_bounds_are_those_of_the_conventions() {
    durations.record(SEARCH, 1);

    assertThat(page().samples().stream().map(each -> each.labels().getOrDefault("le", "")))
        .filteredOn(bound -> !bound.isEmpty())
        .containsExactly(
            "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "30", "60", "120",
            "300", "+Inf");
  }

  @Test
  void sets_of_labels_are_counted_apart() {
    durations.record(SEARCH, 1);
    durations.record(SEARCH, 1);
    durations.record(labels("fetch"), 1);

    StrictPage page = page();
    assertThat(page.values(NAME + "_count", Map.of("gen_ai_tool_name", "search")))
        .containsExactly(2.0);
    assertThat(page.values(NAME + "_count", Map.of("gen_ai_tool_name", "fetch")))
        .containsExactly(1.0);
  }

  @Test
  void what_there_is_no_room_for_is_one_series_and_what_was_there_goes_on() {
    durations.record(SEARCH, 1);
    durations.record(labels("fetch"), 1);
    durations.record(labels("third"), 1);
    durations.record(labels("fourth"), 1);
    durations.record(SEARCH, 1);

    StrictPage page = page();
    assertThat(page.values(NAME + "_count", Map.of("gen_ai_tool_name", "search")))
        .containsExactly(2.0);
    assertThat(page.values(NAME + "_count", Map.of("gen_ai_tool_name", "third"))).isEmpty();
    assertThat(page.values(NAME + "_count", Map.of("mcp_method_name", "other")))
        .containsExactly(2.0);
    assertThat(page.sum(NAME + "_count", Map.of())).isEqualTo(5);
  }

  @Test
  void a_place_that_is_forgotten_has_no_series_and_makes_room_and_others_keep_theirs() {
    durations.record(SEARCH, 1);
    durations.record(at("/gone"), 1);
    durations.record(at("/late"), 1); // There is no room.
    durations.forget("/gone");
    durations.record(at("/new"), 1);

    StrictPage page = page();
    assertThat(page.values(NAME + "_count", Map.of("sallyport_route", "/gone"))).isEmpty();
    assertThat(page.values(NAME + "_count", Map.of("sallyport_route", "/mcp")))
        .containsExactly(1.0);
    assertThat(page.values(NAME + "_count", Map.of("sallyport_route", "/new")))
        .containsExactly(1.0);
    assertThat(page.values(NAME + "_count", Map.of("mcp_method_name", "other")))
        .containsExactly(1.0);
  }

  private static Labels at(String place) {
    return new Labels("tools/call", "search", "2026-07-28", "", "", place);
  }

  @Test
  void without_a_call_there_is_no_series() {
    assertThat(page().samples()).isEmpty();
  }

  private StrictPage page() {
    return StrictPage.of(new Exposition().add(durations.read()).text());
  }

  private static Labels labels(String tool) {
    return new Labels("tools/call", tool, "2026-07-28", "", "", "/mcp");
  }
}
