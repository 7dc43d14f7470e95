package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublicOriginTest {
  private static final List<Cidr> PROXIES = List.of(Cidr.parse("10.0.0.7/32").orElseThrow());
  private static final PublicOrigin UNTOLD = new PublicOrigin(Optional.empty(), PROXIES);

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
    PublicOrigin told =
        new PublicOrigin(Optional.of(URI.create("https://mcp.team.example:8443")), PROXIES);
    assertThat(told.of(head("10.0.0.7", false, "Host", "x", "X-Forwarded-Host", "evil.example")))
        .isEqualTo("https://mcp.team.example:8443");
  }

  @Test
  void without_a_proxy_it_is_what_the_client_dialled() {
    assertThat(UNTOLD.of(head("127.0.0.1", false, "Host", "localhost:8080")))
        .isEqualTo("http://localhost:8080");
    assertThat(UNTOLD.of(head("127.0.0.1", true, "Host", "MCP.example:443")))
        .isEqualTo("https://mcp.example");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.7, https://mcp.example",
    "10.0.0.8, http://10.1.1.1:8080",
    "127.0.0.1, http://10.1.1.1:8080"
  })
  void a_listed_proxy_is_believed_and_nobody_else(String peer, String origin) { // T17
    HttpHead head =
        head(
            peer,
            false,
            "Host",
            "10.1.1.1:8080",
            "X-Forwarded-Host",
            "mcp.example",
            "X-Forwarded-Proto",
            "https");
    assertThat(UNTOLD.of(head)).isEqualTo(origin);
  }

  @Test
  void of_several_the_nearest_proxy_is_believed() {
    assertThat(
            UNTOLD.of(
                head(
                    "10.0.0.7",
                    false,
                    "Host",
                    "inside:8080",
                    "X-Forwarded-Host",
                    "evil.example, mcp.example",
                    "X-Forwarded-Proto",
                    "http",
                    "X-Forwarded-Proto",
                    "HTTPS")))
        .isEqualTo("https://mcp.example");
  }

  @ParameterizedTest
  @CsvSource({"a b", "a/b", "a\"b", "user@host", "a:b", "''", "a:123456"})
  void what_is_no_host_is_left_alone(String told) {
    assertThat(UNTOLD.of(head("10.0.0.7", false, "Host", "inside:8080", "X-Forwarded-Host", told)))
        .isEqualTo("http://inside:8080");
  }
}
