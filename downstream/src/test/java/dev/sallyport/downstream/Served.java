package dev.sallyport.downstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint at a real socket, with a scripted handler behind it. A bearer token is the name of
 * its caller; without one nobody is known.
 */
final class Served implements AutoCloseable {
  static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}";

  final ScriptedHandler handler = new ScriptedHandler();
  final McpEndpoint endpoint;
  final HttpListener listener;

  Served(EndpointOptions options) throws ListenException {
    this(options, Served::check);
  }

  Served(EndpointOptions options, CallerCheck callers) throws ListenException {
    endpoint =
        new McpEndpoint(options, callers, handler, new AdjustableClock(), new SecureRandom());
    listener =
        HttpListener.open(
            ListenOptions.at("127.0.0.1", 0).withKeepAlive(Duration.ofMillis(200)), endpoint);
  }

  Served() throws ListenException {
    this(EndpointOptions.of("team", "/mcp"));
  }

  private static CallerCheck.Verdict check(dev.sallyport.transport.http.HttpHead head) {
    Optional<String> token = head.fields().first("Authorization");
    return token.isPresent() && token.get().startsWith("Bearer ")
        ? new CallerCheck.Verdict.Known(
            new Identity(new Caller("test", token.get().substring(7), "1"), Claims.NONE))
        : new CallerCheck.Verdict.Unknown(
            Refusal.of(Refusal.Reason.UNAUTHENTICATED, "Who are you?").challenge("Bearer"));
  }

  RawClient connect() throws IOException {
    return new RawClient(listener.address());
  }

  /** A POST in the making: everything in it is right until a test changes it. */
  static final class Post {
    private final Map<String, String> fields = new LinkedHashMap<>();
    private byte[] body;

    Post(String body) {
      this.body = body.getBytes(StandardCharsets.UTF_8);
      with("Host", "localhost");
      with("Authorization", "Bearer anna");
      with("Content-Type", "application/json");
      with("Accept", "application/json, text/event-stream");
    }

    Post with(String name, String value) {
      fields.put(name, value);
      return this;
    }

    Post without(String name) {
      fields.remove(name);
      return this;
    }

    Post by(String caller) {
      return with("Authorization", "Bearer " + caller);
    }

    Post body(byte[] other) {
      body = other;
      return this;
    }

    byte[] bytes() {
      StringBuilder head = new StringBuilder("POST /mcp HTTP/1.1\r\n");
      fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      head.append("Content-Length: " + body.length + "\r\n\r\n");
      byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
      byte[] all = new byte[start.length + body.length];
      System.arraycopy(start, 0, all, 0, start.length);
      System.arraycopy(body, 0, all, start.length, body.length);
      return all;
    }
  }

  /**
   * A sound modern request.
   *
   * @param members of {@code params}, followed by a comma when there are any
   */
  static Post modern(String id, String method, String members) {
    Post post =
        new Post(
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + id
                    + ",\"method\":\""
                    + method
                    + "\",\"params\":{"
                    + members
                    + META
                    + "}}")
            .with("MCP-Protocol-Version", "2026-07-28")
            .with("Mcp-Method", method);
    if (members.contains("\"name\":\"")) {
      post.with("Mcp-Name", members.replaceFirst(".*\"name\":\"([^\"]*)\".*", "$1"));
    }
    return post;
  }

  static Post call(String id) {
    return modern(id, "tools/call", "\"name\":\"t\",");
  }

  @Override
  public void close() {
    listener.close();
    endpoint.close();
    handler.awaitIdle();
  }
}
