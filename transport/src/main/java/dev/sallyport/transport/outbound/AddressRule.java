package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses may be dialled when somebody else has named the host: those that are everybody's,
 * by the registries of special addresses (RFC 6890 and what has been added since). Decided by the
 * bytes, never by how an address is spelled. An address that carries one of IPv4 is only as good as
 * that. Immutable.
 */
public final class AddressRule {
  /** Of IPv6, everything outside is for some special purpose or for none yet. */
  private static final AddressBlock GLOBAL_IPV6 = block("2000::/3");

  /** RFC 4291, 2.5.5.2; not from text, which Java reads as the address of IPv4 that it carries. */
  private static final AddressBlock MAPPED =
      new AddressBlock(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0}, 96);

  private static final AddressBlock NAT64 = block("64:ff9b::/96"); // RFC 6052
  private static final AddressBlock LOCAL_NAT64 = block("64:ff9b:1::/48"); // RFC 8215
  private static final AddressBlock SIX_TO_FOUR = block("2002::/16"); // RFC 3056
  private static final AddressBlock THIS_NETWORK = block("0.0.0.0/8");

  /** Where RFC 6052, 2.2 puts the four bytes, by the length of the prefix: 48, 56, 64, 96. */
  private static final int[][] NAT64_PLACES = {
    {6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15}
  };

  private static final int[] MAPPED_PLACE = {12, 13, 14, 15};
  private static final int[] SIX_TO_FOUR_PLACE = {2, 3, 4, 5};

  private record Range(AddressBlock block, String name) {}

  private static final List<Range> REFUSED =
      List.of(
          // What tells a program in a cloud its keys, first, so that it is called by its name.
          range("169.254.169.254/32", "the metadata service of most clouds"),
          range("169.254.170.2/32", "the credentials of containers at AWS"),
          range("169.254.170.23/32", "the credentials of pods at AWS"),
          range("169.254.0.23/32", "the metadata service of Tencent Cloud"),
          range("100.100.100.200/32", "the metadata service of Alibaba Cloud"),
          range("168.63.129.16/32", "the platform of Azure"),
          range("192.0.0.192/32", "the metadata service of Oracle Cloud"),
          range("fd00:ec2::254/128", "the metadata service of AWS"),
          range("fd00:ec2::23/128", "the credentials of pods at AWS"),
          range("fd20:ce::254/128", "the metadata service of Google Cloud"),
          range("fe80::a9fe:a9fe/128", "the metadata service of OpenStack"),
          new Range(THIS_NETWORK, "this network"),
          range("10.0.0.0/8", "private"),
          range("100.64.0.0/10", "shared behind a carrier's NAT"),
          range("127.0.0.0/8", "loopback"),
          range("169.254.0.0/16", "link-local"),
          range("172.16.0.0/12", "private"),
          range("192.0.0.0/24", "for protocols"),
          range("192.0.2.0/24", "for documentation"),
          range("192.88.99.0/24", "a relay to IPv6"),
          range("192.168.0.0/16", "private"),
          range("198.18.0.0/15", "for benchmarks"),
          range("198.51.100.0/24", "for documentation"),
          range("203.0.113.0/24", "for documentation"),
          range("224.0.0.0/4", "multicast"),
          range("240.0.0.0/4", "reserved, or for all"),
          range("::/128", "no address"),
          range("::1/128", "loopback"),
          range("::/96", "an address of IPv4 in a form that is no longer used"),
          range("fc00::/7", "unique local"),
          range("fe80::/10", "link-local"),
          range("fec0::/10", "site-local"),
          range("ff00::/8", "multicast"),
          range("100::/64", "for discarding"),
          range("2001::/23", "for protocols, or a tunnel"),
          range("2001:db8::/32", "for documentation"),
          range("3fff::/20", "for documentation"),
          range("5f00::/16", "for routing inside of a network"));

  /** Nothing but what is everybody's. */
  public static final AddressRule PUBLIC = new AddressRule(List.of(), false, Set.of());

  private final List<AddressBlock> allowed;
  private final boolean loopback;
  private final Set<String> origins;

  private AddressRule(List<AddressBlock> allowed, boolean loopback, Set<String> origins) {
    this.allowed = List.copyOf(allowed);
    this.loopback = loopback;
    this.origins = Set.copyOf(origins);
  }

  private static AddressBlock block(String text) {
    return AddressBlock.of(text).orElseThrow();
  }

  private static Range range(String text, String name) {
    return new Range(block(text), name);
  }

  /** This machine as well, for those who try things out; only when it is asked for as such. */
  public AddressRule withLoopback() {
    return new AddressRule(allowed, true, origins);
  }

  /**
   * Also what the operator has named: the origins of these URLs, whatever their addresses are and
   * whether or not they are encrypted. A redirect from elsewhere does not lead there.
   */
  public AddressRule withOriginsOf(Set<HttpUrl> named) {
    return new AddressRule(
        allowed,
        loopback,
        named.stream().map(HttpUrl::origin).collect(Collectors.toUnmodifiableSet()));
  }

  /** Also what would be refused. For tests, where everything is loopback. */
  AddressRule allowing(String addresses) {
    List<AddressBlock> more = new ArrayList<>(allowed);
    more.add(block(addresses));
    return new AddressRule(more, loopback, origins);
  }

  boolean isNamed(HttpUrl url) {
    return !origins.isEmpty() && origins.contains(url.origin());
  }

  boolean allowsLoopback() {
    return loopback;
  }

  /** Why not all of them may be dialled, for an operator; empty when they may. */
  Optional<String> refusal(List<InetAddress> addresses) {
    return addresses.isEmpty()
        ? Optional.of("there is no address")
        : addresses.stream().map(this::refusal).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> refusal(InetAddress address) {
    return refusal(address.getAddress())
        .map(name -> address.getHostAddress() + " is not for everybody: " + name);
  }

  Optional<String> refusal(byte[] address) {
    if (allowed.stream().anyMatch(block -> block.contains(address))) {
      return Optional.empty();
    }
    if (MAPPED.contains(address)) {
      return refusal(embedded(address, MAPPED_PLACE));
    }
    if (NAT64.contains(address)) {
      return refusal(embedded(address, MAPPED_PLACE));
    }
    if (LOCAL_NAT64.contains(address)) {
      return refusalOfLocalNat64(address);
    }
    if (SIX_TO_FOUR.contains(address)) {
      return refusal(embedded(address, SIX_TO_FOUR_PLACE));
    }
    Optional<String> special =
        REFUSED.stream()
            .filter(range -> range.block().contains(address))
            .map(Range::name)
            .findFirst();
    boolean global = address.length == 4 || GLOBAL_IPV6.contains(address);
    return special.isPresent() || global ? special : Optional.of("not in use");
  }

  /**
   * How long the prefix is that a network uses cannot be seen from outside. So every place where
   * something stands is looked at, and none may be bad.
   */
  private Optional<String> refusalOfLocalNat64(byte[] address) {
    List<byte[]> embedded =
        Arrays.stream(NAT64_PLACES)
            .map(place -> embedded(address, place))
            .filter(bytes -> !THIS_NETWORK.contains(bytes))
            .toList();
    return embedded.isEmpty()
        ? Optional.of("a translation of nothing")
        : embedded.stream().map(this::refusal).flatMap(Optional::stream).findFirst();
  }

  private static byte[] embedded(byte[] address, int[] place) {
    byte[] bytes = new byte[place.length];
    for (int i = 0; i < place.length; i++) {
      bytes[i] = address[place[i]];
    }
    return bytes;
  }
}
