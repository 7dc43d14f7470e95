package dev.sallyport.architecture.sample.gateway;

import dev.sallyport.protocol.ProtocolVersion;

/** Asks for the era where nobody should. */
final class BranchesOnEra {
  boolean asks(ProtocolVersion version) {
    return version.era() == ProtocolVersion.Era.LEGACY;
  }

  int switches(ProtocolVersion.Era era) {
    return switch (era) {
      case LEGACY -> 1;
      case MODERN -> 2;
    };
  }
}
