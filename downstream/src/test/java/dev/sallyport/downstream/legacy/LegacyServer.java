package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.legacy.Wire.Sent.post;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.McpEndpoint;
import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Sent;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An endpoint at a real socket. A bearer token is the name of its caller. */
final class LegacyServer implements AutoCloseable {
  final ScriptedHandler handler = new ScriptedHandler();
  final AdjustableClock clock = new AdjustableClock();
  final McpEndpoint endpoint;
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();
  final HttpListener listener;

  LegacyServer(SessionLimits limits) throws ListenException {
    this(EndpointOptions.of("team", "/mcp").withSessions(limits));
  }

  LegacyServer(EndpointOptions options) throws ListenException {
    this(options, ListenOptions.at("127.0.0.1", 0));
  }

  LegacyServer(EndpointOptions options, ListenOptions listen) throws ListenException {
    endpoint =
        new McpEndpoint(
            options,
            new CallerCheck() {
              @Override
              public Verdict check(HttpHead head) {
                return LegacyServer.this.check(head);
              }

              @Override
              public boolean mayComeBack(Caller caller) {
                return !revoked.contains("Bearer " + caller.subject());
              }
            },
            handler,
            clock,
            new SecureRandom());
    listener = HttpListener.open(listen, endpoint);
  }

  LegacyServer() throws ListenException {
    this(SessionLimits.DEFAULT);
  }

  /** From now on nobody knows this caller. */
  void revoke(String caller) {
    revoked.add("Bearer " + caller);
  }

  private CallerCheck.Verdict check(HttpHead head) {
    Optional<String> token = head.fields().first("Authorization");
    return token.isPresent() && !revoked.contains(token.get())
        ? new CallerCheck.Verdict.Known(
            new Identity(new Caller("test", token.get().substring(7), "1"), Claims.NONE))
        : new CallerCheck.Verdict.Unknown(
            Refusal.of(Refusal.Reason.UNAUTHENTICATED, "Who are you?").challenge("Bearer"));
  }

  Wire connect() throws IOException {
    return new Wire(listener.address());
  }

  /** One request on a connection of its own. */
  Answer exchange(Sent request) throws IOException {
    try (Wire wire = connect()) {
      return wire.exchange(request);
    }
  }

  /** A client in the middle of a session. */
  final class Client {
    final String id;
    final String version;
    final String caller;

    private Client(String id, String version, String caller) {
      this.id = id;
      this.version = version;
      this.caller = caller;
    }

    Sent in(Sent request) {
      return request.by(caller).with("Mcp-Session-Id", id).with("MCP-Protocol-Version", version);
    }

    Sent post(String body) {
      return in(Wire.Sent.post(body));
    }

    Answer exchange(String body) throws IOException {
      return LegacyServer.this.exchange(post(body));
    }

    Answer exchange(Sent request) throws IOException {
      return LegacyServer.this.exchange(in(request));
    }

    /** Sends a request and keeps its connection. */
    Wire send(String body) throws IOException {
      return connect().send(post(body));
    }

    Wire get() throws IOException {
      return connect().send(in(Sent.get()));
    }

    Wire resume(String lastEventId) throws IOException {
      return connect().send(in(Sent.get().with("Last-Event-ID", lastEventId)));
    }
  }

  static String initialize(String version, String capabilities) {
    return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
        + version
        + "\",\"capabilities\":"
        + capabilities
        + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
  }

  Client open(String version, String capabilities, String caller) throws IOException {
    Answer answer = exchange(post(initialize(version, capabilities)).by(caller));
    if (answer.status() != 200) {
      throw new AssertionError("no session: " + answer);
    }
    return new Client(answer.field("Mcp-Session-Id").orElseThrow(), version, caller);
  }

  Client open(String version, String capabilities) throws IOException {
    return open(version, capabilities, "anna");
  }

  /** As a listener stops in good order. */
  void drain() {
    listener.drain(Duration.ofSeconds(5), endpoint::close);
  }

  @Override
  public void close() {
    listener.close();
    endpoint.close();
    handler.awaitIdle();
  }
}
