package dev.sallyport.downstream;

import static dev.sallyport.downstream.Classifier.Path.LEGACY;
import static dev.sallyport.downstream.Classifier.Path.MODERN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who serves a POST (mcp-reference 2.0). */
final class ClassifierTest {
  private static final String MODERN_META =
      "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}";
  private static final String LEGACY_META =
      "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2025-11-25\"}}";
  private static final String UNKNOWN_META =
      "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"1900-01-01\"}}";
  private static final String ODD_META =
      "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":5}}";

  private final Envelope envelope = new Envelope(JsonBounds.DEFAULT);

  private Classifier.Path path(Set<Era> eras, String header, String session, String body) {
    List<String> fields = new ArrayList<>();
    if (!header.equals("-")) {
      fields.addAll(List.of("MCP-Protocol-Version", header));
    }
    if (!session.equals("-")) {
      fields.addAll(List.of("Mcp-Session-Id", session));
    }
    return new Classifier(eras)
        .path(
            Heads.head("POST", "/mcp", fields.toArray(String[]::new)),
            envelope.readFromClient(body.getBytes(StandardCharsets.UTF_8)),
            "live"::equals);
  }

  private static String request(String method, String params) {
    String text =
        switch (params) {
          case "modern" -> MODERN_META;
          case "legacy" -> LEGACY_META;
          case "unknown" -> UNKNOWN_META;
          case "odd" -> ODD_META;
          default -> "{}";
        };
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + text + "}";
  }

  @ParameterizedTest(name = "header {0}, session {1}, {2} with {3} metadata: {4}")
  @CsvSource({
    // 2: a header that names a legacy version wins (VN-18, 4-T03)
    "2025-11-25,-,tools/call,modern,LEGACY",
    "2025-11-25,live,tools/call,modern,LEGACY",
    "2025-03-26,-,initialize,none,LEGACY",
    "2025-06-18,-,server/discover,modern,LEGACY",
    // 3: so does a live session without a header
    "-,live,tools/call,modern,LEGACY",
    "-,live,server/discover,none,LEGACY",
    "-,dead,tools/call,modern,MODERN",
    // 4: a modern header, or modern metadata
    "2026-07-28,-,tools/call,none,MODERN",
    "2026-07-28,live,tools/call,none,MODERN",
    "2026-07-28,-,tools/call,legacy,MODERN",
    "2026-07-28,-,initialize,none,MODERN",
    "-,-,tools/call,modern,MODERN",
    "-,-,initialize,modern,MODERN",
    "-,-,tools/call,unknown,MODERN",
    "-,-,tools/call,odd,MODERN",
    "1900-01-01,-,tools/call,unknown,MODERN",
    "1900-01-01,live,tools/call,modern,MODERN",
    // 4-T04: a legacy version in the metadata alone makes no modern request
    "-,-,tools/call,legacy,LEGACY",
    // 2024-11-05 is not served over this transport
    "2024-11-05,-,tools/call,modern,MODERN",
    "2024-11-05,-,tools/call,none,LEGACY",
    // 5, 6, 7
    "-,-,initialize,none,LEGACY",
    "-,-,server/discover,none,MODERN",
    "-,-,subscriptions/listen,none,MODERN",
    "-,-,tools/list,none,LEGACY",
    "-,dead,tools/list,none,LEGACY",
    "abc,-,tools/list,none,LEGACY"
  })
  void a_request_goes_where_the_first_rule_that_hits_says(
      String header, String session, String method, String meta, Classifier.Path path) {
    assertThat(path(Set.of(Era.values()), header, session, request(method, meta))).isEqualTo(path);
  }

  @ParameterizedTest(name = "header {0}, session {1}: {2}")
  @CsvSource({
    "-,-,MODERN",
    "-,live,LEGACY",
    "-,dead,LEGACY",
    "2025-03-26,-,LEGACY",
    "2026-07-28,-,MODERN",
    "2026-07-28,live,MODERN",
  })
  void what_is_no_call_belongs_to_a_session_if_it_names_one(
      String header, String session, Classifier.Path path) {
    for (String body :
        List.of(
            "nonsense",
            "{\"jsonrpc\":\"2.0\"}",
            "[]",
            "[" + request("ping", "none") + "]",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")) {
      assertThat(path(Set.of(Era.values()), header, session, body)).isEqualTo(path);
    }
  }

  @Test
  void a_notification_is_classified_like_a_request() {
    String body =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\",\"params\":"
            + MODERN_META
            + "}";

    assertThat(path(Set.of(Era.values()), "-", "live", body)).isEqualTo(LEGACY);
    assertThat(path(Set.of(Era.values()), "-", "-", body)).isEqualTo(MODERN);
  }

  @Test
  void an_endpoint_of_one_era_serves_everything_in_it() {
    String body = request("tools/call", "modern");

    assertThat(path(Set.of(Era.LEGACY), "2026-07-28", "-", body)).isEqualTo(LEGACY);
    assertThat(path(Set.of(Era.MODERN), "2025-11-25", "live", body)).isEqualTo(MODERN);
  }

  @Test
  void the_versions_served_over_http_are_listed_newest_first() {
    assertThat(Classifier.servedOverHttp(Set.of(Era.values())))
        .containsExactly(
            ProtocolVersion.V2026_07_28,
            ProtocolVersion.V2025_11_25,
            ProtocolVersion.V2025_06_18,
            ProtocolVersion.V2025_03_26);
    assertThat(Classifier.servedOverHttp(Set.of(Era.MODERN)))
        .containsExactly(ProtocolVersion.V2026_07_28);
  }
}
