package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
  private static Optional<String> refusal(String address) {
    return AddressRule.PUBLIC.refusal(InetAddress.ofLiteral(address).getAddress());
  }

  /** The first and the last of each range, and what lies beside it: a hyphen when that is none. */
  @ParameterizedTest
  @CsvSource({
    "-, 0.0.0.0, 0.255.255.255, 1.0.0.0",
    "9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
    "100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0",
    "126.255.255.255, 127.0.0.0, 127.255.255.255, 128.0.0.0",
    "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0",
    "172.15.255.255, 172.16.0.0, 172.31.255.255, 172.32.0.0",
    "191.255.255.255, 192.0.0.0, 192.0.0.255, 192.0.1.0",
    "192.0.1.255, 192.0.2.0, 192.0.2.255, 192.0.3.0",
    "192.88.98.255, 192.88.99.0, 192.88.99.255, 192.88.100.0",
    "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0",
    "198.17.255.255, 198.18.0.0, 198.19.255.255, 198.20.0.0",
    "198.51.99.255, 198.51.100.0, 198.51.100.255, 198.51.101.0",
    "203.0.112.255, 203.0.113.0, 203.0.113.255, 203.0.114.0",
    "223.255.255.255, 224.0.0.0, 239.255.255.255, -",
    "-, 240.0.0.0, 255.255.255.255, -",
    "168.63.129.15, 168.63.129.16, 168.63.129.16, 168.63.129.17",
    "-, ::, ::ffff, -",
    "-, fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, fec0::, feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, 100::, 100::ffff:ffff:ffff:ffff, -",
    "-, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
    "2001:db7:ffff::, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
    "3ffe:ffff::, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
    "-, 5f00::, 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, 4000::, fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
    "-, 1::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::"
  })
  void a_range_is_refused_from_its_first_to_its_last(
      String before, String first, String last, String after) {
    assertThat(refusal(first)).isPresent();
    assertThat(refusal(last)).isPresent();
    for (String beside : List.of(before, after)) {
      if (!beside.equals("-")) {
        assertThat(refusal(beside)).as(beside).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700::1111",
        "2a00:1450::1",
        "2620:fe::fe"
      })
  void what_is_everybodys_may_be_dialled(String address) {
    assertThat(refusal(address)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, the metadata service of most clouds",
    "169.254.170.2, the credentials of containers at AWS",
    "169.254.170.23, the credentials of pods at AWS",
    "169.254.0.23, the metadata service of Tencent Cloud",
    "100.100.100.200, the metadata service of Alibaba Cloud",
    "168.63.129.16, the platform of Azure",
    "192.0.0.192, the metadata service of Oracle Cloud",
    "fd00:ec2::254, the metadata service of AWS",
    "fd00:ec2::23, the credentials of pods at AWS",
    "fd20:ce::254, the metadata service of Google Cloud",
    "fe80::a9fe:a9fe, the metadata service of OpenStack",
    "::ffff:169.254.169.254, the metadata service of most clouds",
    "64:ff9b::a9fe:a9fe, the metadata service of most clouds",
    "2002:a9fe:a9fe::1, the metadata service of most clouds"
  })
  void the_services_of_clouds_are_called_by_name(String address, String name) {
    assertThat(refusal(address)).contains(name);
  }

  @ParameterizedTest
  @CsvSource({
    // NAT64 (RFC 6052): the last four bytes
    "64:ff9b::8.8.8.8, true",
    "64:ff9b::10.0.0.1, false",
    "64:ff9b::127.0.0.1, false",
    "64:ff9b::0.0.0.0, false",
    "64:ff9b:0:0:0:1:808:808, false", // beside the prefix of 96 bits
    // NAT64 inside of a network (RFC 8215), with a prefix of 96, 64, 56 or 48 bits
    "64:ff9b:1::8.8.8.8, true",
    "64:ff9b:1::10.0.0.1, false",
    "64:ff9b:1:0:8:808:800:0, true",
    "64:ff9b:1:0:a:0:100:0, false",
    "64:ff9b:1:8:8:808::, true",
    "64:ff9b:1:a:0:1::, false",
    "64:ff9b:1:808:8:800::, true",
    "64:ff9b:1:a00:0:100::, false",
    "64:ff9b:1:7f00:0:100:808:808, false", // a good one does not hide a bad one
    "64:ff9b:1::, false",
    "64:ff9b:2::8.8.8.8, false",
    // 6to4 (RFC 3056): bytes two to five
    "2002:808:808::1, true",
    "2002:a00:1::1, false",
    "2002:7f00:1::, false",
    "2002:c0a8:101:808:808::, false",
    // Teredo (RFC 4380), and forms that are no longer used
    "2001:0:808:808::1, false",
    "::8.8.8.8, false",
    "::10.0.0.1, false",
    "::ffff:8.8.8.8, true",
    "::ffff:10.0.0.1, false",
    "::ffff:0:8.8.8.8, false"
  })
  void an_address_that_carries_another_is_only_as_good_as_that(String address, boolean good) {
    assertThat(refusal(address).isEmpty()).isEqualTo(good);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000ffff08080808, true",
    "00000000000000000000ffff7f000001, false",
    "00000000000000000000ffffa9fea9fe, false"
  })
  void a_mapped_address_that_comes_as_sixteen_bytes_is_judged_as_well(String hex, boolean good) {
    assertThat(AddressRule.PUBLIC.refusal(HexFormat.of().parseHex(hex)).isEmpty()).isEqualTo(good);
  }

  @Test
  void all_addresses_of_a_host_must_be_good() throws Exception {
    InetAddress good = InetAddress.ofLiteral("8.8.8.8");
    InetAddress bad = InetAddress.ofLiteral("10.0.0.1");

    assertThat(AddressRule.PUBLIC.refusal(List.of(good, good))).isEmpty();
    assertThat(AddressRule.PUBLIC.refusal(List.of(good, bad))).isPresent();
    assertThat(AddressRule.PUBLIC.refusal(List.of(bad, good))).isPresent();
    assertThat(AddressRule.PUBLIC.refusal(List.of())).isPresent();
  }

  @Test
  void a_scope_makes_no_address_better() throws Exception {
    byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
    InetAddress scoped = java.net.Inet6Address.getByAddress("x", linkLocal, 1);

    assertThat(AddressRule.PUBLIC.refusal(List.of(scoped))).isPresent();
  }

  @Test
  void what_is_said_is_for_an_operator() {
    assertThat(AddressRule.PUBLIC.refusal(List.of(InetAddress.ofLiteral("10.0.0.1"))))
        .contains("10.0.0.1 is not for everybody: private");
  }
}
