package dev.sallyport.interop;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Passes everything on to the SDK's transport, remembers the id of the last tool call, and can send
 * what the SDK has no method for. Thread-safe.
 */
final class Wire implements McpClientTransport {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String OWN_ID = "interop-own";

  private final McpClientTransport transport;
  private final AtomicReference<Object> lastCall = new AtomicReference<>();
  private final BlockingQueue<JSONRPCResponse> ownAnswers = new LinkedBlockingQueue<>(1);
  private final List<Object> progress = new CopyOnWriteArrayList<>();

  Wire(McpClientTransport transport) {
    this.transport = transport;
  }

  void forgetLastCall() {
    lastCall.set(null);
  }

  boolean callWasSent() {
    return lastCall.get() != null;
  }

  Object lastCall() {
    return lastCall.get();
  }

  void cancel(Object id) {
    Map<String, Object> params = Map.of("requestId", id, "reason", "no longer wanted");
    transport
        .sendMessage(new JSONRPCNotification("notifications/cancelled", params))
        .block(PATIENCE);
  }

  /** Sends a request the SDK does not know and returns the answer. */
  JSONRPCResponse request(String method) throws InterruptedException {
    transport.sendMessage(new JSONRPCRequest(method, OWN_ID, Map.of())).block(PATIENCE);
    JSONRPCResponse answer = ownAnswers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException("no answer to " + method);
    }
    return answer;
  }

  /** The progress values in the order they came in; the SDK tells its consumers in any order. */
  List<Object> progress() {
    return progress;
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return transport.connect(
        incoming ->
            incoming.flatMap(
                message -> {
                  if (message instanceof JSONRPCResponse response && OWN_ID.equals(response.id())) {
                    ownAnswers.add(response);
                    return Mono.empty();
                  }
                  if (message instanceof JSONRPCNotification news
                      && news.method().equals("notifications/progress")) {
                    progress.add(((Map<?, ?>) news.params()).get("progress"));
                  }
                  return handler.apply(Mono.just(message));
                }));
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (message instanceof JSONRPCRequest request && request.method().equals("tools/call")) {
      lastCall.set(request.id());
    }
    return transport.sendMessage(message);
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    transport.setExceptionHandler(handler);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return transport.closeGracefully();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return transport.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return transport.protocolVersions();
  }
}
