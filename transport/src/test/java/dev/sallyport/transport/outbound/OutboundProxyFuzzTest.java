package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class OutboundProxyFuzzTest {
  private static final HttpUrl URL = HttpUrl.of("https://a.example/").orElseThrow();

  /** Whatever stands in the environment is a proxy that can be dialled, or none. */
  @FuzzTest
  void reads(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    DirectHosts direct = DirectHosts.of(text);
    assertThat(direct.contains(URL)).isIn(true, false);
    OutboundProxy.of(text, direct)
        .ifPresent(
            proxy -> {
              assertThat(proxy.host()).matches("[a-z0-9._:-]+");
              assertThat(proxy.port()).isBetween(1, 65_535);
            });
  }
}
