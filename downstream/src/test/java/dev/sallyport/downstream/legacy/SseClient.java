package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.SsePaths;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Event;
import dev.sallyport.downstream.legacy.Wire.Sent;
import java.io.IOException;
import java.util.Optional;

/** A client of HTTP+SSE: a stream, and posts on connections of their own. Confined to a thread. */
final class SseClient implements AutoCloseable {
  final Wire stream;

  /** As the stream said. */
  final String uri;

  private final LegacyServer server;
  private final String caller;

  private SseClient(LegacyServer server, Wire stream, String uri, String caller) {
    this.server = server;
    this.stream = stream;
    this.uri = uri;
    this.caller = caller;
  }

  static Sent get() {
    return Sent.get().to(SsePaths.DEFAULT.stream());
  }

  static SseClient connect(LegacyServer server, Wire stream, String caller) throws IOException {
    Answer head = stream.exchange(get().by(caller));
    if (!head.isStream()) {
      throw new AssertionError("no stream: " + head);
    }
    Event first = stream.event().orElseThrow();
    if (!first.type().equals(Optional.of("endpoint"))) {
      throw new AssertionError("the first event is no endpoint: " + first);
    }
    return new SseClient(server, stream, first.data(), caller);
  }

  static SseClient connect(LegacyServer server) throws IOException {
    return connect(server, server.connect(), "anna");
  }

  /** One that is past the handshake, whose answer is passed over. */
  static SseClient open(LegacyServer server, String version, String capabilities)
      throws IOException {
    SseClient client = connect(server);
    client.handshake(version, capabilities);
    return client;
  }

  /** What initialize came to. */
  String handshake(String version, String capabilities) throws IOException {
    take(LegacyServer.initialize(version, capabilities));
    String answer = next();
    take("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return answer;
  }

  Sent message(String body) {
    return Sent.post(body).to(uri).by(caller);
  }

  Answer post(String body) throws IOException {
    return server.exchange(message(body));
  }

  /** Posts what has to be taken. */
  void take(String body) throws IOException {
    Answer answer = post(body);
    if (answer.status() != 202 || !answer.body().isEmpty()) {
      throw new AssertionError("not taken: " + answer);
    }
  }

  /** The next message on the stream. */
  String next() throws IOException {
    Event event = stream.event().orElseThrow(() -> new AssertionError("the stream ended"));
    if (!event.type().equals(Optional.of("message")) || event.id().isPresent()) {
      throw new AssertionError("not a message that cannot be resumed from: " + event);
    }
    return event.data();
  }

  /** Whether the stream ended in good order, with nothing more on it. */
  boolean isEnded() throws IOException {
    return stream.event().isEmpty();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
