package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Addresses that begin with the same bits (RFC 4632). An address of IPv4 is in no block of IPv6,
 * and the other way round.
 */
@SuppressWarnings("ArrayRecordComponent") // its own, and compared by what it holds
record AddressBlock(byte[] prefix, int bits) {
  /** Empty when the text is none: an address, and perhaps a slash and how many bits. */
  static Optional<AddressBlock> of(String text) {
    String[] parts = text.split("/", 2);
    try {
      byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
      int all = address.length * Byte.SIZE;
      int bits = parts.length == 1 ? all : Integer.parseInt(parts[1]);
      return bits < 0 || bits > all
          ? Optional.empty()
          : Optional.of(new AddressBlock(address, bits));
    } catch (IllegalArgumentException malformed) { // no number, too
      return Optional.empty();
    }
  }

  boolean contains(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    int rest = bits % Byte.SIZE;
    int mask = 0xff00 >> rest & 0xff;
    return Arrays.equals(address, 0, whole, prefix, 0, whole)
        && (rest == 0 || (address[whole] & mask) == (prefix[whole] & mask));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressBlock(byte[] otherPrefix, int otherBits)
        && bits == otherBits
        && Arrays.equals(prefix, otherPrefix);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(prefix) + bits;
  }

  @Override
  public String toString() {
    return Arrays.toString(prefix) + "/" + bits;
  }
}
