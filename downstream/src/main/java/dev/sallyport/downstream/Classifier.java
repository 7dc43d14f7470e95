package dev.sallyport.downstream;

import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.transport.http.HttpHead;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Chooses the era a POST is served in (mcp-reference 2.0). Order matters: what a client negotiated
 * wins over marks in the body, because real clients put modern marks into legacy messages (VN-18,
 * 4-T03). Immutable.
 */
final class Classifier {
  /** Who serves a POST. */
  enum Path {
    MODERN,
    LEGACY;

    private static Path of(Era era) {
      return switch (era) {
        case MODERN -> MODERN;
        case LEGACY -> LEGACY;
      };
    }
  }

  private final Set<Era> eras;
  private final List<ProtocolVersion> served;

  Classifier(Set<Era> eras) {
    this.eras = eras;
    this.served = servedOverHttp(eras);
  }

  /** Newest first (4-T04). Streamable HTTP came with the second version. */
  static List<ProtocolVersion> servedOverHttp(Set<Era> eras) {
    return Stream.of(ProtocolVersion.values())
        .filter(version -> version.atLeast(ProtocolVersion.V2025_03_26))
        .filter(version -> eras.contains(version.era()))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /**
   * @param isSession whether a session id is one of this caller's live sessions
   */
  Path path(HttpHead head, Reading reading, Predicate<String> isSession) {
    return Path.of(eras.size() == 1 ? eras.iterator().next() : era(head, reading, isSession));
  }

  private Era era(HttpHead head, Reading reading, Predicate<String> isSession) {
    Optional<String> session = head.fields().first("Mcp-Session-Id");
    Optional<String> header = head.fields().first(MirroredHeaders.VERSION);
    Optional<Era> named = header.flatMap(this::servedEra); // rules 2 and 4
    if (named.isPresent()) {
      return named.get();
    }
    boolean inSession = header.isEmpty() && session.filter(isSession).isPresent(); // rule 3
    return switch (reading) {
      // A modern client never sends these, but a legacy one may (rule 1).
      case Reading.Broken _, Reading.Batch _, Reading.Single(Message.Reply _) ->
          session.isPresent() ? Era.LEGACY : Era.MODERN;
      case Reading.Single(Message.Request(_, var method, var params)) ->
          inSession ? Era.LEGACY : byBody(method, params);
      case Reading.Single(Message.Notification(var method, var params)) ->
          inSession ? Era.LEGACY : byBody(method, params);
    };
  }

  /** Rules 4 to 7, as far as the body decides. */
  private Era byBody(String method, JsonObject params) {
    Optional<Json> claimed =
        params.object(Meta.MEMBER).flatMap(meta -> meta.get(Meta.PROTOCOL_VERSION));
    if (claimed.isPresent()) {
      // A version with a handshake is served with one, not silently without (4-T04).
      return claimed.get().asString().flatMap(this::servedEra).orElse(Era.MODERN);
    }
    return Method.DISCOVER.is(method) || Method.LISTEN.is(method) ? Era.MODERN : Era.LEGACY;
  }

  private Optional<Era> servedEra(String version) {
    return ProtocolVersion.of(version).filter(served::contains).map(ProtocolVersion::era);
  }
}
