package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OwnOriginTest {
  private static final OwnOrigin UNTOLD = new OwnOrigin(Optional.empty(), 8080);

  private static HttpHead head(String peer, boolean tls, String... fields) {
    HttpFields all = HttpFields.empty();
    for (int i = 0; i < fields.length; i += 2) {
      all = all.with(fields[i], fields[i + 1]);
    }
    try {
      return new HttpHead(
          "POST",
          "/mcp",
          Optional.empty(),
          all,
          new InetSocketAddress(InetAddress.getByName(peer), 1234),
          tls);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_the_operator_told_counts_whatever_a_request_says() {
    OwnOrigin told = new OwnOrigin(Optional.of(URI.create("https://mcp.team.example:8443")), 8080);
    assertThat(told.of(head("10.0.0.7", false, "Host", "x", "X-Forwarded-Host", "evil.example")))
        .isEqualTo("https://mcp.team.example:8443");
  }

  @Test
  void without_a_proxy_it_is_what_the_client_dialled() {
    assertThat(UNTOLD.of(head("127.0.0.1", false, "Host", "localhost:8080")))
        .isEqualTo("http://localhost:8080");
    assertThat(UNTOLD.of(head("127.0.0.1", false, "Host", "LocalHost:9999"))) // T01
        .isEqualTo("http://localhost:8080");
    OwnOrigin usual = new OwnOrigin(Optional.empty(), 443);
    assertThat(usual.of(head("127.0.0.1", true, "Host", "MCP.example:443")))
        .isEqualTo("https://mcp.example");
  }

  @Test
  void what_a_request_says_of_proxies_is_not_believed() { // T01, T17
    HttpHead head =
        head(
            "10.0.0.7",
            false,
            "Host",
            "10.1.1.1:8080",
            "X-Forwarded-Host",
            "evil.example",
            "X-Forwarded-Proto",
            "https",
            "Forwarded",
            "host=evil.example;proto=https");
    assertThat(UNTOLD.of(head)).isEqualTo("http://10.1.1.1:8080");
  }
}
