package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers what it was told to, and remembers what it was asked. */
final class FakeServer implements Handler {
  final List<Exchange> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Handler> answers = new ConcurrentHashMap<>();

  FakeServer answer(String method, String result) {
    return answer(method, _ -> new Outcome.Complete(object(result)));
  }

  FakeServer answer(String method, Handler handler) {
    answers.put(method, handler);
    return this;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    asked.add(exchange);
    return answers
        .getOrDefault(exchange.method(), _ -> new Outcome.Failed(RpcError.methodNotFound()))
        .handle(exchange);
  }

  /** What it was asked with a method, as text. */
  List<String> askedWith(String method) {
    return asked.stream()
        .filter(exchange -> exchange.method().equals(method))
        .map(exchange -> exchange.params().toJson().text())
        .toList();
  }

  static JsonObject object(String text) {
    try {
      return Json.parse(text).asObject().orElseThrow();
    } catch (JsonException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
