package dev.sallyport.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of addresses, {@code 10.0.0.0/8} for example (RFC 4632). */
public record Cidr(InetAddress network, int prefix) {
  private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F:.]+");

  /** Reads {@code ADDRESS/PREFIX}; empty when it is not one. Names are not looked up. */
  public static Optional<Cidr> parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2
        || !LITERAL.matcher(parts[0]).matches()
        || !parts[1].matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    try {
      InetAddress network = InetAddress.getByName(parts[0]);
      int prefix = Integer.parseInt(parts[1]);
      boolean whole = parts[0].contains(":") || parts[0].split("\\.", -1).length == 4;
      return whole && prefix <= network.getAddress().length * 8
          ? Optional.of(new Cidr(network, prefix))
          : Optional.empty();
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress address) {
    byte[] left = network.getAddress();
    byte[] right = address.getAddress();
    if (left.length != right.length) {
      return false;
    }
    int whole = prefix / 8;
    for (int i = 0; i < whole; i++) {
      if (left[i] != right[i]) {
        return false;
      }
    }
    int rest = prefix % 8;
    return rest == 0 || ((left[whole] ^ right[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
