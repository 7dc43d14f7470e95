package dev.sallyport.downstream;

import dev.sallyport.downstream.legacy.LegacyEndpoint;
import dev.sallyport.downstream.modern.ModernEndpoint;
import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One MCP endpoint for clients of both eras (VN-07), and if wanted the pair of endpoints that the
 * oldest of them know beside it (SH-24). A request is screened by its head, its caller is verified,
 * its envelope is read once, and the era that the classifier names serves it. Nothing of a body is
 * looked at for a caller we do not know. Thread-safe.
 *
 * <pre>{@code
 * McpEndpoint endpoint = new McpEndpoint(
 *     EndpointOptions.of("team", "/mcp"), callers, handler, Clock.systemUTC(), new SecureRandom());
 * HttpListener listener = HttpListener.open(listen, endpoint);
 * }</pre>
 */
public final class McpEndpoint implements HttpHandler, AutoCloseable {
  private final EndpointOptions options;
  private final Screen screen;
  private final CallerCheck callers;
  private final Clock clock;
  private final Consumer<Refusal.Reason> turnedAway;
  private final Envelope envelope;
  private final Classifier classifier;
  private final ModernEndpoint modern;
  private final LegacyEndpoint legacy;
  private final OpenCalls open = new OpenCalls();

  public McpEndpoint(
      EndpointOptions options,
      CallerCheck callers,
      Handler handler,
      Clock clock,
      SecureRandom random) {
    this(options, callers, handler, reason -> {}, clock, random);
  }

  /**
   * The same, with somebody who hears of requests that do not get to the handler.
   *
   * @param turnedAway told why, once for each that was refused after it was read
   */
  public McpEndpoint(
      EndpointOptions options,
      CallerCheck callers,
      Handler handler,
      Consumer<Refusal.Reason> turnedAway,
      Clock clock,
      SecureRandom random) {
    this.turnedAway = turnedAway;
    this.options = options;
    this.screen = new Screen(options, callers);
    this.callers = callers;
    this.clock = clock;
    this.envelope = new Envelope(options.json());
    this.classifier = new Classifier(options.eras());
    Admission requests =
        new Admission("requests", options.calls().perCaller(), options.calls().total());
    this.modern =
        new ModernEndpoint(
            options, Classifier.servedOverHttp(options.eras()), handler, requests, clock, random);
    this.legacy = new LegacyEndpoint(options, handler, callers, requests, clock, random);
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    return screen.answer(head);
  }

  @Override
  public void serve(HttpCall call) {
    HttpHead head = call.head();
    HttpFields crossOrigin = CrossOrigin.fields(head);
    switch (callers.check(head)) {
      case CallerCheck.Verdict.Unknown(var refusal) -> {
        turnedAway.accept(refusal.reason());
        call.answer(CrossOrigin.add(Answers.refusal(refusal, Optional.empty()), crossOrigin));
      }
      case CallerCheck.Verdict.Known(var identity) -> {
        ClientCall client = new ClientCall(call, crossOrigin, identity, callers, clock, turnedAway);
        open.serve(client, () -> serve(client, call.body()));
        client.refuseUnanswered();
      }
    }
  }

  private void serve(ClientCall client, byte[] body) {
    // The screen let nothing else through.
    switch (Entrance.of(client.head().path(), options).orElseThrow()) {
      case STREAM -> legacy.sse().orElseThrow().stream(client);
      case MESSAGES -> legacy.sse().orElseThrow().post(client, envelope.readFromClient(body));
      case ENDPOINT -> {
        switch (client.head().method()) {
          case "GET" -> legacy.get(client);
          case "DELETE" -> legacy.delete(client);
          default -> post(body, client);
        }
      }
    }
  }

  private void post(byte[] body, ClientCall client) {
    Envelope.Reading reading = envelope.readFromClient(body);
    switch (classifier.path(client.head(), reading, id -> legacy.knows(id, client.caller()))) {
      case MODERN -> modern.post(client, reading);
      case LEGACY -> legacy.post(client, reading);
    }
  }

  /** Waits until nothing is being carried out, for so long at most. Nobody should be led here. */
  public void awaitIdle(Duration limit) throws InterruptedException {
    open.awaitNone(limit);
  }

  /**
   * Cancels what is still being carried out. For an orderly end, drain the listener first: open
   * streams then end properly.
   */
  @Override
  public void close() {
    open.close();
    modern.close();
    legacy.close();
  }
}
