package dev.sallyport.architecture.sample.gateway;

import dev.sallyport.protocol.Method;
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

  boolean asksMethod(Method method) {
    return method.eras() == Method.Eras.LEGACY;
  }

  int switchesMethod(Method.Eras eras) {
    return switch (eras) {
      case LEGACY -> 1;
      case MODERN -> 2;
      case BOTH -> 3;
    };
  }
}
