package dev.sallyport.architecture.sample.upstream.legacy;

import dev.sallyport.protocol.ProtocolVersion;

/** Asks for the era where it is known what an era is. */
final class MayBranch {
  boolean asks(ProtocolVersion version) {
    return version.era() == ProtocolVersion.Era.LEGACY;
  }
}
