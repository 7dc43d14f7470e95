package dev.sallyport.downstream;

import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
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
  Era era(HttpHead head, Reading reading, Predicate<String> isSession) {
    if (eras.size() == 1) {
      return eras.iterator().next();
    }
    Optional<String> session = head.fields().first("Mcp-Session-Id");
    Optional<String> header = head.fields().first(MirroredHeaders.VERSION);
    Optional<Era> named = header.flatMap(this::servedEra);
    return switch (reading) {
      // A modern client never sends these, but a legacy one may (rule 1).
      case Reading.Broken _, Reading.Batch _ -> withoutMessage(session, named);
      case Reading.Single(Message.Reply _) -> withoutMessage(session, named);
      case Reading.Single(Message.Request request) ->
          named.orElseGet(
              () -> unnamed(header, session.filter(isSession), request.method(), request.params()));
      case Reading.Single(Message.Notification notification) ->
          named.orElseGet(
              () ->
                  unnamed(
                      header,
                      session.filter(isSession),
                      notification.method(),
                      notification.params()));
    };
  }

  private static Era withoutMessage(Optional<String> session, Optional<Era> named) {
    return named.orElse(session.isPresent() ? Era.LEGACY : Era.MODERN);
  }

  /** Rules 3 to 7: the header names no version we serve. */
  private Era unnamed(
      Optional<String> header, Optional<String> session, String method, JsonObject params) {
    if (session.isPresent() && header.isEmpty()) {
      return Era.LEGACY;
    }
    Optional<JsonObject> meta = params.object(Meta.MEMBER);
    if (meta.isPresent() && meta.get().has(Meta.PROTOCOL_VERSION)) {
      // A version with a handshake is served with one, not silently without (4-T04).
      return meta.get().string(Meta.PROTOCOL_VERSION).flatMap(this::servedEra).orElse(Era.MODERN);
    }
    return switch (method) {
      case "server/discover", "subscriptions/listen" -> Era.MODERN;
      default -> Era.LEGACY;
    };
  }

  private Optional<Era> servedEra(String version) {
    return ProtocolVersion.of(version).filter(served::contains).map(ProtocolVersion::era);
  }
}
