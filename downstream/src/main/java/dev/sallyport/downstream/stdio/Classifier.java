package dev.sallyport.downstream.stdio;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Chooses the era a request on a pipe is served in (mcp-reference 2.0, SS-09). Immutable. */
final class Classifier {
  private final Set<Era> eras;

  Classifier(Set<Era> eras) {
    this.eras = eras;
  }

  /** Every version that is served, newest first (4-T04). */
  List<ProtocolVersion> served() {
    return Stream.of(ProtocolVersion.values())
        .filter(version -> eras.contains(version.era()))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Those of them that have a handshake. */
  List<ProtocolVersion> withHandshake() {
    return served().stream().filter(version -> version.era() == Era.LEGACY).toList();
  }

  boolean isModern(Message.Request request) {
    if (eras.size() == 1) {
      return eras.contains(Era.MODERN);
    }
    Optional<Json> claimed =
        request.params().object(Meta.MEMBER).flatMap(meta -> meta.get(Meta.PROTOCOL_VERSION));
    if (claimed.isPresent()) {
      // A version with a handshake is served with one (4-T04).
      return claimed
          .get()
          .asString()
          .flatMap(ProtocolVersion::of)
          .map(version -> version.era() == Era.MODERN)
          .orElse(true);
    }
    return Method.DISCOVER.is(request.method()) || Method.LISTEN.is(request.method());
  }
}
