package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class HttpUrlFuzzTest {
  private static final HttpUrl BASE = HttpUrl.of("https://a.example/b/c?d").orElseThrow();

  /** Whatever is let through says one thing on the wire, and reads the same again. */
  @FuzzTest
  void reads(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    HttpUrl.of(text).ifPresent(HttpUrlFuzzTest::check);
    BASE.resolve(text).ifPresent(HttpUrlFuzzTest::check);
  }

  private static void check(HttpUrl url) {
    assertThat(url.host()).matches("[a-z0-9._:-]+");
    assertThat(url.port()).isBetween(1, 65_535);
    assertThat(url.target()).matches("/[!-~&&[^#\\\\]]*");
    assertThat(HttpUrl.of(url.toString())).contains(url);
    assertThat(url.resolve("")).contains(url);
    assertThat(url.origin()).doesNotContain("@");
  }
}
