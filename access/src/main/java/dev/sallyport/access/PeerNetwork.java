package dev.sallyport.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Whose a peer's address is, as far as limits for strangers go. */
public final class PeerNetwork {
  private PeerNetwork() {}

  /** The address; of IPv6 the network of 64 bits, in which a peer has as many as it likes. */
  public static Long of(InetAddress peer) {
    ByteBuffer bytes = ByteBuffer.wrap(peer.getAddress());
    return peer instanceof Inet6Address ? bytes.getLong() : Integer.toUnsignedLong(bytes.getInt());
  }
}
