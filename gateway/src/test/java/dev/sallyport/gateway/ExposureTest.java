package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExposureTest {
  @ParameterizedTest(name = "{0} checked={1} tls={2} proxy={3} public={4}: {5}")
  @CsvSource({
    "127.0.0.1, true, false, '', false, local",
    "127.0.0.1, false, false, '', false, local",
    "127.0.0.1, false, true, '', false, local",
    "127.9.9.9, false, false, '', false, local",
    "::1, false, false, '', false, local",
    "::1, true, false, '', false, local",
    "127.0.0.1, false, false, 10.0.0.7/32, false, unsafe",
    "127.0.0.1, false, false, '', true, unsafe",
    "127.0.0.1, true, false, 10.0.0.7/32, false, open",
    "127.0.0.1, true, false, '', true, open",
    "0.0.0.0, true, false, '', false, unsafe",
    "0.0.0.0, true, true, '', false, open",
    "0.0.0.0, false, true, '', false, unsafe",
    "0.0.0.0, false, false, '', false, unsafe",
    "0.0.0.0, false, false, 10.0.0.7/32, false, unsafe",
    "0.0.0.0, false, true, 10.0.0.7/32, false, unsafe",
    "0.0.0.0, true, false, 10.0.0.7/32, false, open",
    "0.0.0.0, true, false, 10.0.0.0/8, false, open",
    "0.0.0.0, true, false, 0.0.0.0/0, false, unsafe",
    "0.0.0.0, true, false, 8.0.0.0/8, false, unsafe",
    "0.0.0.0, true, false, 104.16.0.0/13, false, open",
    "0.0.0.0, true, true, 0.0.0.0/1, false, unsafe",
    "'::', true, false, '', false, unsafe",
    "'::', true, true, '', false, open",
    "'::', true, false, ::/0, false, unsafe",
    "192.168.1.5, true, false, '', true, unsafe",
    "192.168.1.5, true, true, '', true, open",
    "192.168.1.5, false, true, '', false, unsafe",
    "8.8.8.8, true, false, 'fd00::/48', false, open",
  })
  void nobody_elsewhere_gets_in_unchecked_or_in_clear(
      String address,
      boolean checked,
      boolean tls,
      String proxy,
      boolean publicUrl,
      String expected)
      throws UnknownHostException {
    List<Cidr> proxies = proxy.isEmpty() ? List.of() : List.of(Cidr.parse(proxy).orElseThrow());
    Optional<URI> url =
        publicUrl ? Optional.of(URI.create("https://mcp.example/mcp")) : Optional.empty();
    Exposure.Verdict verdict =
        new Exposure(InetAddress.getByName(address), checked, tls, proxies, url).judge();
    assertThat(word(verdict)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://mcp.example/mcp, open",
    "http://mcp.example/mcp, unsafe",
    "HTTP://mcp.example/mcp, unsafe"
  })
  void a_public_url_without_encryption_is_refused_whatever_else_holds(String url, String expected)
      throws UnknownHostException {
    for (String address : List.of("127.0.0.1", "0.0.0.0")) {
      Exposure exposure =
          new Exposure(
              InetAddress.getByName(address), true, true, List.of(), Optional.of(URI.create(url)));
      assertThat(word(exposure.judge())).isEqualTo(expected);
    }
  }

  private static String word(Exposure.Verdict verdict) {
    return switch (verdict) {
      case Exposure.Verdict.Safe(boolean local) -> local ? "local" : "open";
      case Exposure.Verdict.Unsafe unsafe -> "unsafe";
    };
  }

  @Test
  void a_refusal_names_what_is_missing_and_the_flags_that_mend_it() throws UnknownHostException {
    Exposure exposure =
        new Exposure(InetAddress.getByName("0.0.0.0"), false, false, List.of(), Optional.empty());
    assertThat(exposure.judge())
        .isInstanceOfSatisfying(
            Exposure.Verdict.Unsafe.class,
            unsafe ->
                assertThat(String.join("\n", unsafe.lines()))
                    .contains(
                        "check callers or encrypt",
                        "--no-auth",
                        "sign-in   --issuer https://login.example.com     or  --keys",
                        "--tls-cert",
                        "--behind-proxy",
                        "127.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "10.0.0.7/32, 10.0.0.7, true",
    "10.0.0.7/32, 10.0.0.6, false",
    "fd00::/8, fd12::1, true",
    "fd00::/8, 10.0.0.1, false",
  })
  void a_range_contains_its_own_addresses_only(String range, String address, boolean inside)
      throws UnknownHostException {
    assertThat(Cidr.parse(range).orElseThrow().contains(InetAddress.getByName(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10/8",
    "localhost/8",
    "example.com/24",
    "::1/129",
    "''",
    "/8",
    "1.2.3.4/8/9"
  })
  void what_is_not_a_range_is_not_read_as_one(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }
}
