package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.ProtocolVersion.Era;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One endpoint, two eras (VN-07, VN-18). */
final class ErasWireTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}";

  private static RawClient.Answer exchange(RawClient client, Served.Post post) throws IOException {
    return client.send(post.bytes()).answer();
  }

  /** A call as real clients send it: negotiated 2025-11-25, with modern marks in the body. */
  private static Served.Post marked(String session) {
    return new Served.Post(
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{"
                + Served.META
                + "}}")
        .with("Mcp-Session-Id", session);
  }

  @Test
  void clients_of_both_eras_share_one_connection() throws Exception {
    try (Served served = new Served();
        RawClient client = served.connect()) {
      assertThat(exchange(client, Served.modern("1", "tools/list", "")).text())
          .contains("\"resultType\":\"complete\"");
      RawClient.Answer hello = exchange(client, new Served.Post(INITIALIZE));
      assertThat(hello.text()).contains("\"protocolVersion\":\"2025-11-25\"");
      String session = hello.field("Mcp-Session-Id").orElseThrow();

      assertThat(exchange(client, Served.modern("2", "server/discover", "")).text())
          .contains(
              "\"supportedVersions\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\"]");
      RawClient.Answer legacy = exchange(client, marked(session));
      assertThat(legacy.status()).isEqualTo(200);
      assertThat(legacy.text()).doesNotContain("resultType", "ttlMs");
      assertThat(exchange(client, Served.modern("3", "tools/list", "")).text())
          .contains("\"ttlMs\":0");
    }
  }

  @Test
  void what_was_negotiated_wins_over_marks_in_the_body() throws Exception {
    try (Served served = new Served();
        RawClient client = served.connect()) {
      String session =
          exchange(client, new Served.Post(INITIALIZE)).field("Mcp-Session-Id").orElseThrow();
      Served.Post post = marked(session).with("MCP-Protocol-Version", "2025-11-25");

      assertThat(exchange(client, post).text()).contains("\"tools\"").doesNotContain("resultType");
      // With a modern header it is a modern request, and the session is nobody's business (SH-20).
      post.with("MCP-Protocol-Version", "2026-07-28").with("Mcp-Method", "tools/list");
      RawClient.Answer modern = exchange(client, post);
      assertThat(modern.text()).contains("\"resultType\":\"complete\"");
      assertThat(modern.field("Mcp-Session-Id")).isEmpty();
      // And without any session it is a modern request that lacks its header.
      RawClient.Answer lost = exchange(client, marked("dead"));
      assertThat(lost.status()).isEqualTo(400);
      assertThat(lost.text()).contains("-32020");
    }
  }

  @Test
  void a_legacy_version_in_the_metadata_alone_is_told_to_shake_hands() throws Exception {
    try (Served served = new Served();
        RawClient client = served.connect()) {
      Served.Post post =
          new Served.Post(
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{"
                  + Served.META.replace("2026-07-28", "2025-11-25")
                  + "}}");

      assertThat(exchange(client, post).status()).isEqualTo(400);
      assertThat(served.handler.count("tools/list")).isZero();
    }
  }

  @Test
  void an_endpoint_of_modern_versions_says_so_to_others() throws Exception {
    EndpointOptions modern = EndpointOptions.of("team", "/mcp").withEras(Set.of(Era.MODERN));
    try (Served served = new Served(modern);
        RawClient client = served.connect()) {
      RawClient.Answer hello = exchange(client, new Served.Post(INITIALIZE));
      assertThat(hello.status()).isEqualTo(400);
      assertThat(hello.text()) // VN-08
          .contains("-32022", "\"supported\":[\"2026-07-28\"]", "\"requested\":\"2025-11-25\"");
      assertThat(exchange(client, Served.modern("1", "server/discover", "")).text())
          .contains("\"supportedVersions\":[\"2026-07-28\"]");
    }
  }

  @Test
  void an_endpoint_of_legacy_versions_serves_no_modern_request() throws Exception {
    EndpointOptions legacy = EndpointOptions.of("team", "/mcp").withEras(Set.of(Era.LEGACY));
    try (Served served = new Served(legacy);
        RawClient client = served.connect()) {
      assertThat(exchange(client, Served.modern("1", "tools/list", "")).status()).isEqualTo(400);
      assertThat(exchange(client, new Served.Post(INITIALIZE)).status()).isEqualTo(200);
      assertThat(served.handler.count("tools/list")).isZero();
    }
  }

  @Test
  void a_check_that_breaks_lets_nobody_in() throws Exception {
    CallerCheck broken =
        head -> {
          throw new IllegalStateException("secret");
        };
    try (Served served = new Served(EndpointOptions.of("team", "/mcp"), broken);
        RawClient client = served.connect()) {
      RawClient.Answer answer = exchange(client, Served.modern("1", "tools/list", ""));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).doesNotContain("secret");
      assertThat(served.handler.count("tools/list")).isZero();
    }
  }
}
