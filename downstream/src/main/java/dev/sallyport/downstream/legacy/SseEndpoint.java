package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Admission;
import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.SsePaths;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.Refusal.Reason;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpHead;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * HTTP+SSE, the transport of 2024-11-05 (LH-24): a GET opens a stream, whose first event names
 * where messages are posted to, and every message of the server comes on that stream. A session
 * lasts as long as its stream, belongs to a caller, and nothing of it can be resumed. The field
 * that names a version is not of this transport, so nobody looks at it. Thread-safe.
 */
public final class SseEndpoint {
  private static final String SESSION_ID = "sessionId";

  private final SsePaths paths;
  private final EndpointOptions options;
  private final Handshake handshake;
  private final Sessions sessions;
  private final Admission requests;

  /**
   * @param sessions of the endpoint, over whatever transport: they have their bounds in common
   * @param requests to be entered for the time a request is carried out
   */
  SseEndpoint(
      EndpointOptions options,
      SsePaths paths,
      Handler handler,
      Sessions sessions,
      Admission requests,
      SecureRandom random) {
    this.options = options;
    this.paths = paths;
    this.handshake =
        new Handshake(
            options.route(),
            ProtocolVersion.newestFirst(ProtocolVersion.Era.LEGACY),
            handler,
            options.sessions(),
            random);
    this.sessions = sessions;
    this.requests = requests;
  }

  /** Opens a session and carries its stream until one of the two is over. */
  public void stream(ClientCall call) {
    SseSession session = new SseSession(call, handshake, requests, options);
    switch (sessions.add(session)) {
      case Sessions.Entry.Full(var refusal) -> call.refuse(refusal, Optional.empty());
      case Sessions.Entry.Added(var id) -> {
        try {
          // Without an origin: whatever name the client reached us by, it is the right one.
          session.carry(paths.shown() + "?" + SESSION_ID + "=" + id);
        } finally {
          sessions.end(session);
        }
      }
    }
  }

  /** Takes one message; what it comes to is told on the stream. */
  public void post(ClientCall call, Reading reading) {
    Optional<RpcId> id = LegacyEndpoint.id(reading);
    List<String> given = sessionIds(call.head());
    if (given.size() != 1) {
      LegacyEndpoint.malformed(
          call, id, "Post to what the stream's first event says, with its one " + SESSION_ID);
      return;
    }
    sessions
        .find(given.getFirst(), call.caller(), SseSession.class)
        .ifPresentOrElse(
            session -> take(call, session, reading),
            () ->
                call.refuse(
                    Refusal.of(Reason.NOT_FOUND, "There is no such session; open a stream"),
                    id)); // LH-21
  }

  private static void take(ClientCall call, SseSession session, Reading reading) {
    if (reading instanceof Reading.Broken(var id, var error, _)) {
      call.malformed(new Message.Failure(id, error)); // JR-15
    } else if (session.take(reading, call.claims())) {
      call.accepted();
    } else {
      call.refuse(
          Refusal.of(Reason.TOO_MANY_REQUESTS, "Read what is on the stream first")
              .retryAfter(Duration.ofSeconds(1)),
          LegacyEndpoint.id(reading));
    }
  }

  /** Our ids need no decoding. */
  private static List<String> sessionIds(HttpHead head) {
    return Arrays.stream(head.query().orElse("").split("&", -1))
        .filter(parameter -> parameter.startsWith(SESSION_ID + "="))
        .map(parameter -> parameter.substring(SESSION_ID.length() + 1))
        .toList();
  }
}
