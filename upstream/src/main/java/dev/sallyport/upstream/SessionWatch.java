package dev.sallyport.upstream;

import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;

/** Hears of each session with a server that is over. */
public interface SessionWatch {
  /**
   * On the thread that notices it; must not block.
   *
   * @param version that was spoken
   * @param lasted from its handshake, or from the start of its process; of one that broke off to
   *     the second
   */
  void ended(ProtocolVersion version, Duration lasted);
}
