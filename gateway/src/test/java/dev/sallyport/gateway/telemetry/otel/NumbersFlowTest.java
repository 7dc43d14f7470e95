package dev.sallyport.gateway.telemetry.otel;

import static dev.sallyport.gateway.telemetry.otel.OtlpReceiver.attributes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.Peer;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.UpstreamServer;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that are sent, held against the conventions and against the page of them. */
final class NumbersFlowTest {
  /** Its tool answers once, and ends its process the second time. */
  private static final String CHILD =
      """
      calls=0
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
        case $line in
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"c","version":"1"}}}' ;;
          *'"tools/call"'*) calls=$((calls + 1)); [ $calls = 2 ] && exit 1
            echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[]}}' ;;
          *'"id":'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"tools":[]}}' ;;
        esac
      done
      """;

  @TempDir Path folder;

  @Test
  void names_units_attributes_and_buckets_are_those_of_the_conventions() throws Exception {
    Map<String, Metric> metrics;
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      try (UpstreamServer server = server();
          Traced traced = Traced.open(Traced.all(receiver.url()), Peer.here("notes"), server)) {
        BlockingQueue<Duration> ended = watched(server, traced);
        assertThat(traced.call("search", "", Map.of()).statusCode()).isEqualTo(200);
        traced.call("search", "", Map.of()); // its process ends with it
        assertThat(ended.poll(30, TimeUnit.SECONDS)).isPositive();
        traced.session();
      }
      metrics = receiver.metrics();
    }

    assertThat(metrics.keySet()).containsAll(Conventions.METRICS.keySet());
    Conventions.METRICS.forEach((name, words) -> check(metrics, name, words));
    assertThat(attributes(point(metrics, "mcp.client.operation.duration").getAttributesList()))
        .containsEntry("sallyport.server", "notes")
        .containsEntry("network.transport", "pipe");
    Metric refused = metrics.getOrDefault("sallyport.refused", Metric.getDefaultInstance());
    assertThat(refused.getSum().getIsMonotonic()).isTrue();
    assertThat(refused.getSum().getDataPointsCount()).isEqualTo(11);
    assertThat(metrics.keySet())
        .allMatch(name -> Conventions.METRICS.containsKey(name) || name.startsWith("sallyport."));
  }

  /** It counts how long it takes to read them, which shows the second time. */
  @Test
  @Timeout(60)
  void what_the_sdk_counts_of_itself_is_never_sent() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.open()) {
      try (OtelExport export =
          OtelExport.open(Traced.numbers(receiver.url(), Duration.ofMillis(20)), "x")) {
        Metrics metrics = new Metrics("x", System::nanoTime, export.spans());
        export.begin(() -> metrics.read(List.of()));
        receiver.awaitPosts(3);
      }
      assertThat(receiver.metrics().keySet())
          .contains("sallyport.build_info")
          .allMatch(name -> name.startsWith("sallyport.") || name.startsWith("mcp."));
    }
  }

  private static void check(Map<String, Metric> metrics, String name, Set<String> words) {
    Metric metric = metrics.getOrDefault(name, Metric.getDefaultInstance());
    assertThat(metric.getUnit()).as(name).isEqualTo("s");
    assertThat(metric.getHistogram().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
      assertThat(point.getExplicitBoundsList()).as(name).isEqualTo(Conventions.BUCKETS);
      assertThat(point.getBucketCountsList().stream().mapToLong(Long::longValue).sum())
          .as(name)
          .isEqualTo(point.getCount())
          .isPositive();
      assertThat(point.getStartTimeUnixNano()).isLessThan(point.getTimeUnixNano());
      assertThat(attributes(point.getAttributesList()).keySet())
          .as(name)
          .allMatch(word -> words.contains(word) || word.startsWith("sallyport."));
      assertThat(attributes(point.getAttributesList()).values()).doesNotContain("");
    }
  }

  private static HistogramDataPoint point(Map<String, Metric> metrics, String name) {
    return metrics.getOrDefault(name, Metric.getDefaultInstance()).getHistogram().getDataPoints(0);
  }

  @Test
  void a_session_with_a_server_is_told_of_once_when_we_end_it() throws Exception {
    BlockingQueue<Duration> ended = new ArrayBlockingQueue<>(10);
    try (UpstreamServer server = server()) {
      server.watchSessions(
          (version, lasted) -> {
            assertThat(version).isEqualTo(ProtocolVersion.V2025_11_25);
            ended.add(lasted);
          });
      assertThat(ended).isEmpty();
    }

    assertThat(ended).hasSize(1).allMatch(Duration::isPositive);
  }

  private UpstreamServer server() throws Exception {
    Path script = Files.writeString(folder.resolve("server"), CHILD);
    return UpstreamServer.open(
        "notes",
        ChildCommand.of("sh", script.toString()),
        UpstreamOptions.DEFAULT.withEra(EraChoice.LEGACY));
  }

  private static BlockingQueue<Duration> watched(UpstreamServer server, Traced traced) {
    BlockingQueue<Duration> ended = new ArrayBlockingQueue<>(10);
    server.watchSessions(
        (version, lasted) -> {
          traced.metrics.sessionEnded(Peer.here("notes"), version, lasted);
          ended.add(lasted);
        });
    return ended;
  }
}
