package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
  private static HttpUrl url(String text) {
    return HttpUrl.of(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "https://mcp.example/mcp, true, mcp.example, 443, /mcp",
    "HTTPS://MCP.Example, true, mcp.example, 443, /",
    "http://mcp.example:8080/a/b?c=d&e=/?, false, mcp.example, 8080, /a/b?c=d&e=/?",
    "https://mcp.example?x, true, mcp.example, 443, /?x",
    "http://my_server:80/, false, my_server, 80, /",
    "http://_x.y_/, false, _x.y_, 80, /",
    "http://localhost/, false, localhost, 80, /",
    "http://a.example./, false, a.example., 80, /",
    "http://127.0.0.1:1/%20, false, 127.0.0.1, 1, /%20",
    "http://[::1]:65535/, false, ::1, 65535, /",
    "http://[2001:DB8::a]/, false, 2001:db8::a, 80, /",
    "http://[::ffff:10.0.0.1]/, false, ::ffff:10.0.0.1, 80, /",
    "http://xn--bcher-kva.example/, false, xn--bcher-kva.example, 80, /",
    "http://1a.example/, false, 1a.example, 80, /",
    "http://0xz/, false, 0xz, 80, /"
  })
  void an_absolute_url_is_taken_apart(
      String text, boolean secure, String host, int port, String target) {
    assertThat(url(text)).isEqualTo(new HttpUrl(secure, host, port, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mcp.example",
        "/mcp",
        "//mcp.example/",
        "https:",
        "https:/mcp.example/",
        "https:mcp.example",
        "https:///mcp",
        "ftp://mcp.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "jar:http://mcp.example!/",
        // users and fragments
        "https://user@mcp.example/",
        "https://user:password@mcp.example/",
        "https://@mcp.example/",
        "https://good.example@evil.example/",
        "https://mcp.example/#here",
        // ports
        "https://mcp.example:/",
        "https://mcp.example:0/",
        "https://mcp.example:65536/",
        "https://mcp.example:999999/",
        "https://mcp.example:-1/",
        "https://mcp.example:80:80/",
        "https://mcp.example:x/",
        // hosts
        "https://-mcp.example/",
        "https://.mcp.example/",
        "https://mcp..example/",
        "https://mcp.example../",
        "https://mcp%2eexample/",
        "https://mcp example/",
        "https://m\u00fcp.example/",
        "https://mcp\u3002example/",
        "https://[::1/",
        "https://::1/",
        "https://[::1]x/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[127.0.0.1]/",
        "https://[:::]/",
        "https://[1:2:3]/",
        "https://[v1.x]/",
        // numbers that programs read in different ways
        "http://2130706433/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://0x7f000001/",
        "http://0x/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://127.0.0.256/",
        "http://1.2.3.4.5/",
        "http://mcp.example.1/",
        // what would be more than one thing on the wire
        "https://mcp.example/ x",
        "https://mcp.example/\r\nX: y",
        "https://mcp.example/\0",
        "https://mcp.example/\\x",
        "https://mcp.example\\@evil.example/",
        "https://mcp.example/%zz",
        "https://mcp.example/\u00fc"
      })
  void what_is_no_such_url_is_none(String text) {
    assertThat(HttpUrl.of(text)).isEmpty();
  }

  @Test
  void a_url_has_a_bound() {
    assertThat(HttpUrl.of("https://a.example/" + "x".repeat(8_174))).isPresent();
    assertThat(HttpUrl.of("https://a.example/" + "x".repeat(8_175))).isEmpty();
    assertThat(HttpUrl.of("https://" + "a.".repeat(127) + "/")).isPresent();
    assertThat(HttpUrl.of("https://" + "a.".repeat(128) + "/")).isEmpty();
    assertThat(url("https://a.example/").resolve("x".repeat(9_000))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, A.example, 443, /",
    "true, a example, 443, /",
    "true, a.example, 0, /",
    "true, a.example, 70000, /",
    "true, a.example, 443, ''",
    "true, a.example, 443, x",
    "true, a.example, 443, '/ x'",
    "true, a.example, 443, /#x",
    "true, [::1], 443, /"
  })
  void parts_that_make_no_url_are_refused(boolean secure, String host, int port, String target) {
    assertThatThrownBy(() -> new HttpUrl(secure, host, port, target))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example:443/x, https://a.example",
    "https://a.example:80/x, https://a.example:80",
    "http://a.example:80/x, http://a.example",
    "http://[::1]:8080/x, http://[::1]:8080"
  })
  void an_origin_is_scheme_host_and_port(String text, String origin) {
    assertThat(url(text).origin()).isEqualTo(origin);
    assertThat(url(text)).hasToString(origin + "/x");
    assertThat(url(text).hasOriginOf(url(origin + "/y?z"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.example",
        "https://b.example",
        "https://a.example:444",
        "https://a.example."
      })
  void what_differs_in_one_of_them_is_another_origin(String other) {
    assertThat(url("https://a.example").hasOriginOf(url(other))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.255.0.9",
        "[::1]",
        "[::ffff:127.0.0.1]"
      })
  void loopback_is_known_by_name(String host) {
    assertThat(url("http://" + host + "/").isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1.evil.example", "localhost.evil.example", "128.0.0.1", "[::2]", "[::]"})
  void a_name_that_only_begins_like_loopback_is_not(String host) {
    assertThat(url("http://" + host + "/").isLoopback()).isFalse();
  }

  /** RFC 3986, 5.4, as far as it is about http. */
  @ParameterizedTest
  @CsvSource({
    "g, /b/c/g",
    "./g, /b/c/g",
    "g/, /b/c/g/",
    "/g, /g",
    "?y, /b/c/d;p?y",
    "g?y, /b/c/g?y",
    "#s, /b/c/d;p?q",
    "g#s, /b/c/g",
    "g?y#s, /b/c/g?y",
    ";x, /b/c/;x",
    "g;x, /b/c/g;x",
    "'', /b/c/d;p?q",
    "., /b/c/",
    "./, /b/c/",
    ".., /b/",
    "../, /b/",
    "../g, /b/g",
    "../.., /",
    "../../g, /g",
    "../../../g, /g",
    "../../../../g, /g",
    "/./g, /g",
    "/../g, /g",
    "g., /b/c/g.",
    "..g, /b/c/..g",
    "./../g, /b/g",
    "./g/., /b/c/g/",
    "g/./h, /b/c/g/h",
    "g/../h, /b/c/h",
    "g;x=1/../y, /b/c/y",
    "g?y/../x, /b/c/g?y/../x",
    "g#s/../x, /b/c/g"
  })
  void a_reference_is_resolved(String reference, String target) {
    assertThat(url("http://a/b/c/d;p?q").resolve(reference))
        .contains(new HttpUrl(false, "a", 80, target));
  }

  @ParameterizedTest
  @CsvSource({
    "//g, https://g/",
    "//g:1/x#y, https://g:1/x",
    "http://g/x#y, http://g/x",
    "HTTPS://G, https://g/"
  })
  void a_reference_may_lead_elsewhere(String reference, String there) {
    assertThat(url("https://a/b").resolve(reference)).contains(url(there));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://g/",
        "//user@g/",
        "x y",
        "\r\n",
        "/\u00fc",
        "http:g",
        "http:///x",
        "//",
        "///x",
        "%z",
        "mailto:x@y.example",
        "g\\h",
        "://x"
      })
  void a_reference_to_nowhere_is_none(String reference) {
    assertThat(url("https://a/b").resolve(reference)).isEmpty();
  }
}
