package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProxiedPeersTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.7, true",
    "127.0.0.1, true",
    "::1, true",
    "10.0.0.8, false",
    "192.168.1.1, false",
    "8.8.8.8, false"
  })
  void only_the_proxy_and_this_machine_may_connect(String peer, boolean welcome) throws Exception {
    ProxiedPeers peers =
        new ProxiedPeers(List.of(Cidr.parse("10.0.0.7/32").orElseThrow()), new Open());
    HttpHead head =
        new HttpHead(
            "POST",
            "/mcp",
            Optional.empty(),
            HttpFields.empty().with("X-Forwarded-For", "10.0.0.7"),
            new InetSocketAddress(InetAddress.getByName(peer), 1234),
            false);
    assertThat(peers.screen(head).map(HttpAnswer::status))
        .isEqualTo(welcome ? Optional.empty() : Optional.of(403));
  }

  /** Lets everything through. */
  private static final class Open implements dev.sallyport.transport.http.HttpHandler {
    @Override
    public Optional<HttpAnswer> screen(HttpHead head) {
      return Optional.empty();
    }

    @Override
    public void serve(HttpCall call) {
      throw new AssertionError("not called");
    }
  }
}
