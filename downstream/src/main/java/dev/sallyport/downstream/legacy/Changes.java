package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What a session wants to hear of without having asked for it in a call: changes of lists, and of
 * the resources it subscribed to. Each is a listen of ours (mcp-reference 2.1 rows 6 and 7).
 * Thread-safe.
 */
final class Changes implements AutoCloseable {
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, InternalListen> subscriptions = new HashMap<>();
  private final Origin origin;
  private final ClientContext client;
  private final JsonObject offer;
  private final Handler handler;
  private final int mostSubscriptions;
  private final Sink sink;
  private Optional<InternalListen> lists = Optional.empty();
  private boolean initialized;
  private boolean deliverable;
  private boolean closed;

  Changes(
      Origin origin,
      ClientContext client,
      JsonObject offer,
      Handler handler,
      int mostSubscriptions,
      Sink sink) {
    this.origin = origin;
    this.client = client;
    this.offer = offer;
    this.handler = handler;
    this.mostSubscriptions = mostSubscriptions;
    this.sink = sink;
  }

  /** Before that the client must be told nothing (VN-12). */
  void initialized() {
    lock.lock();
    try {
      initialized = true;
      listenToLists();
    } finally {
      lock.unlock();
    }
  }

  /** There is a stream to deliver on; a client without one costs no listen. */
  void deliverable() {
    lock.lock();
    try {
      deliverable = true;
      listenToLists();
    } finally {
      lock.unlock();
    }
  }

  private void listenToLists() {
    JsonObject filter = listsOffered();
    if (initialized && deliverable && !closed && lists.isEmpty() && !filter.isEmpty()) {
      InternalListen listen = listenTo(filter);
      lists = Optional.of(listen);
      listen.start();
    }
  }

  private JsonObject listsOffered() {
    JsonObject filter = JsonObject.EMPTY;
    for (String list : List.of("tools", "prompts", "resources")) {
      boolean offered =
          offer
              .object(list)
              .flatMap(feature -> feature.get("listChanged"))
              .flatMap(Json::asBoolean)
              .orElse(false);
      if (offered) {
        filter = filter.with(list + "ListChanged", Json.TRUE);
      }
    }
    return filter;
  }

  /**
   * Returns once the server took the subscription.
   *
   * @return why it did not
   */
  Optional<RpcError> subscribe(String uri, Cancellation cancellation) {
    JsonObject filter = JsonObject.of("resourceSubscriptions", Json.arrayOf(List.of(Json.of(uri))));
    InternalListen listen = listenTo(filter);
    Optional<InternalListen> earlier;
    lock.lock();
    try {
      earlier = Optional.ofNullable(subscriptions.get(uri));
      if (earlier.isEmpty() && (closed || subscriptions.size() >= mostSubscriptions)) {
        return Optional.of(RpcError.invalidParams("There are too many subscriptions"));
      }
      subscriptions.putIfAbsent(uri, listen);
    } finally {
      lock.unlock();
    }
    if (earlier.isPresent()) {
      return fault(earlier.get(), uri); // It may not be known yet what becomes of that one.
    }
    listen.start();
    try (Cancellation.Registration _ = cancellation.onCancel(listen::stop)) {
      Optional<RpcError> fault = fault(listen, uri);
      if (fault.isPresent()) {
        forget(uri, listen);
      }
      return fault;
    }
  }

  private static Optional<RpcError> fault(InternalListen listen, String uri) {
    return switch (listen.awaitAcceptance(ACKNOWLEDGED_WITHIN)) {
      case InternalListen.Acceptance.Refused(var error) -> Optional.of(error);
      case InternalListen.Acceptance.Honoured(var honoured) ->
          honoured.array("resourceSubscriptions").orElse(List.of()).stream()
                  .anyMatch(taken -> taken.asString().equals(Optional.of(uri)))
              ? Optional.empty()
              : Optional.of(RpcError.invalidParams("This resource cannot be subscribed to"));
    };
  }

  void unsubscribe(String uri) {
    Optional<InternalListen> listen;
    lock.lock();
    try {
      listen = Optional.ofNullable(subscriptions.remove(uri));
    } finally {
      lock.unlock();
    }
    listen.ifPresent(InternalListen::stop);
  }

  private void forget(String uri, InternalListen listen) {
    listen.stop();
    lock.lock();
    try {
      subscriptions.remove(uri, listen);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<InternalListen> running;
    lock.lock();
    try {
      closed = true;
      running = Stream.concat(lists.stream(), subscriptions.values().stream()).toList();
      lists = Optional.empty();
      subscriptions.clear();
    } finally {
      lock.unlock();
    }
    running.forEach(InternalListen::stop);
  }

  private InternalListen listenTo(JsonObject filter) {
    return new InternalListen(filter, origin, client, handler, sink);
  }
}
