package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundProxyTest {
  @ParameterizedTest
  @CsvSource({
    "http://proxy.example:3128, CONNECT, proxy.example, 3128, ''",
    "HTTP://Proxy.Example/, CONNECT, proxy.example, 80, ''",
    "proxy.example:3128, CONNECT, proxy.example, 3128, ''",
    "10.0.0.1:8080, CONNECT, 10.0.0.1, 8080, ''",
    "http://[::1]:3128, CONNECT, ::1, 3128, ''",
    "http://[::1], CONNECT, ::1, 80, ''",
    "socks5://proxy.example, SOCKS5, proxy.example, 1080, ''",
    "socks5h://proxy.example:9050/, SOCKS5, proxy.example, 9050, ''",
    "http://me:p%40ss:w+rd@proxy.example:1, CONNECT, proxy.example, 1, me/p@ss:w+rd",
    "http://me@proxy.example:1, CONNECT, proxy.example, 1, me/",
    "http://@proxy.example:1, CONNECT, proxy.example, 1, ''"
  })
  void a_proxy_is_named_as_everybody_names_it(
      String text, OutboundProxy.Kind kind, String host, int port, String login) {
    OutboundProxy proxy = OutboundProxy.of(text, DirectHosts.NONE).orElseThrow();

    assertThat(proxy.kind()).isEqualTo(kind);
    assertThat(proxy.host()).isEqualTo(host);
    assertThat(proxy.port()).isEqualTo(port);
    assertThat(proxy.login().map(who -> who.user() + "/" + who.password()).orElse(""))
        .isEqualTo(login);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://proxy.example:3128",
        "socks4://proxy.example",
        "ftp://proxy.example",
        "http://",
        "http://proxy.example:0",
        "http://proxy.example:99999",
        "http://proxy.example/path",
        "http://proxy.example?x",
        "http://a b",
        "http://me:%zz@proxy.example",
        "http://one@two@proxy.example",
        "http://proxy.example\r\nX: y"
      })
  void what_is_none_is_none(String text) {
    assertThat(OutboundProxy.of(text, DirectHosts.NONE)).isEmpty();
  }

  @Test
  void the_same_hosts_without_a_proxy_are_the_same_and_others_are_not() {
    String text = "*.example, 10.0.0.0/8";
    assertThat(DirectHosts.of(text))
        .isEqualTo(DirectHosts.of(text))
        .hasSameHashCodeAs(DirectHosts.of(text));
    assertThat(DirectHosts.of(text)).isNotEqualTo(DirectHosts.of("*.example, 10.0.0.0/9"));
  }

  @Test
  void a_password_is_not_told() {
    assertThat(OutboundProxy.of("http://me:secret@proxy.example", DirectHosts.NONE).toString())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "'*', http://far.example, true",
    "far.example, http://far.example, true",
    "far.example, http://FAR.example., true",
    "far.example, http://a.far.example, true",
    "far.example, http://nofar.example, false",
    "far.example, http://far.example.evil.example, false",
    ".far.example, http://far.example, true",
    "*.far.example, http://b.a.far.example, true",
    "far.example:8080, http://far.example:8080, true",
    "far.example:8080, http://far.example, false",
    "'one.example, far.example two.example', http://far.example, true",
    "'one.example,,two.example,', http://far.example, false",
    "10.0.0.0/8, http://10.1.2.3, true",
    "10.0.0.0/8, http://11.1.2.3, false",
    "10.0.0.0/8, http://10.example, false",
    "10.1.2.3, http://10.1.2.3:80, true",
    "10.1.2.3:80, http://10.1.2.3:81, false",
    "2001:db8::/32, http://[2001:db8::1], true",
    "2001:db8::1, http://[2001:db8:0::1], true",
    "[2001:db8::1]:80, http://[2001:db8::1]:80, true",
    "[2001:db8::1]:80, http://[2001:db8::1]:81, false",
    "10.0.0.0/33, http://10.1.2.3, false",
    "'', http://far.example, false",
    "'', http://localhost:3000, true",
    "'', http://127.0.0.1, true",
    "'', http://[::1], true",
    "'', http://127.0.0.1.evil.example, false",
    "'!!! %zz', http://far.example, false"
  })
  void hosts_can_be_excepted(String excepted, String url, boolean direct) {
    assertThat(DirectHosts.of(excepted).contains(HttpUrl.of(url).orElseThrow())).isEqualTo(direct);
  }
}
