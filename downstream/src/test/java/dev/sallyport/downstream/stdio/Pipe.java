package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An endpoint with a client at the other end of its pipe. */
final class Pipe implements AutoCloseable {
  static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}";
  private static final int ROOM = 1 << 20;
  private static final String END = "";

  final ScriptedHandler handler;
  private final PipedOutputStream toServer = new PipedOutputStream();
  private final LinkedBlockingQueue<String> fromServer = new LinkedBlockingQueue<>(100_000);
  private final Thread server;
  private final Thread reader;

  Pipe(ScriptedHandler handler, StdioOptions options) throws IOException {
    this.handler = handler;
    PipedInputStream in = new PipedInputStream(toServer, ROOM);
    PipedInputStream out = new PipedInputStream(ROOM);
    PipedOutputStream write = new PipedOutputStream(out);
    StdioEndpoint endpoint =
        new StdioEndpoint(
            in,
            write,
            Identity.local("me"),
            handler,
            options,
            new AdjustableClock(),
            new SecureRandom());
    server = Thread.ofPlatform().name("test-stdio").start(endpoint::run);
    reader = Thread.ofPlatform().daemon().name("test-stdout").start(() -> read(out));
  }

  Pipe(ScriptedHandler handler) throws IOException {
    this(handler, StdioOptions.DEFAULT);
  }

  private void read(PipedInputStream out) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        fromServer.add(line);
      }
      fromServer.add(END);
    } catch (IOException e) {
      fromServer.add("broken: " + e.getMessage());
    }
  }

  Pipe send(String line) throws IOException {
    return send((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  Pipe send(byte[] bytes) throws IOException {
    toServer.write(bytes);
    toServer.flush();
    return this;
  }

  /** The next line; waits for it. */
  String line() {
    try {
      String line = fromServer.poll(10, TimeUnit.SECONDS);
      if (line == null || line.isEmpty()) {
        throw new AssertionError(line == null ? "nothing was written" : "the output ended");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  JsonObject message() {
    return ScriptedHandler.object(line());
  }

  String ask(String line) throws IOException {
    return send(line).line();
  }

  /** Opens a legacy session and is ready in it. */
  Pipe initialized(String version, String capabilities) throws IOException {
    String reply =
        ask(
            "{\"jsonrpc\":\"2.0\",\"id\":\"init\",\"method\":\"initialize\",\"params\":{"
                + "\"protocolVersion\":\""
                + version
                + "\",\"capabilities\":"
                + capabilities
                + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
    if (!reply.contains("\"protocolVersion\":\"" + version + "\"")) {
      throw new AssertionError("no session: " + reply);
    }
    return send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
  }

  void endInput() throws IOException {
    toServer.close();
  }

  /** What is still written until the output ends; waits for that. */
  List<String> rest() {
    List<String> lines = new ArrayList<>();
    try {
      if (!server.join(Duration.ofSeconds(10)) || !reader.join(Duration.ofSeconds(10))) {
        throw new AssertionError("it goes on after the end of its input");
      }
      fromServer.drainTo(lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (!lines.removeLast().equals(END)) {
      throw new AssertionError("the output broke: " + lines);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    endInput();
    try {
      if (!server.join(Duration.ofSeconds(10)) || !reader.join(Duration.ofSeconds(10))) {
        throw new AssertionError("it goes on after the end of its input");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    handler.awaitIdle();
  }
}
