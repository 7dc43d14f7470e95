package dev.sallyport.downstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A handler that does what a test says, and remembers what it was asked. Thread-safe. */
public final class ScriptedHandler implements Handler {
  public static final String SERVER_INFO = "{\"name\":\"scripted\",\"version\":\"1\"}";

  private final Map<String, Function<Exchange, Outcome>> script = new ConcurrentHashMap<>();
  private final Queue<Exchange> seen = new ConcurrentLinkedQueue<>();
  private final Phaser busy = new Phaser(1);

  /** A server with a name and no tools; everything else is an unknown method. */
  public ScriptedHandler() {
    answer(
        "server/discover",
        "{\"capabilities\":{\"tools\":{}},\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
            + SERVER_INFO
            + "}}");
    answer("tools/list", "{\"tools\":[]}");
  }

  public ScriptedHandler on(String method, Function<Exchange, Outcome> what) {
    script.put(method, what);
    return this;
  }

  public ScriptedHandler answer(String method, String result) {
    return on(method, exchange -> new Outcome.Complete(object(result)));
  }

  @Override
  public Outcome handle(Exchange exchange) {
    seen.add(exchange);
    busy.register();
    try {
      return script
          .getOrDefault(exchange.method(), unknown -> new Outcome.Failed(RpcError.methodNotFound()))
          .apply(exchange);
    } finally {
      busy.arriveAndDeregister();
    }
  }

  /** Waits until nothing is being carried out any more: no test leaves a thread behind. */
  public void awaitIdle() {
    try {
      // One more arrival than there are exchanges: it completes the phase once they are all gone.
      busy.awaitAdvanceInterruptibly(busy.arrive(), 10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (TimeoutException e) {
      throw new AssertionError("exchanges go on after the end of the test", e);
    }
  }

  /** How often a method was asked for. */
  public int count(String method) {
    return all(method).size();
  }

  /** What was asked of a method, in order. */
  public List<Exchange> all(String method) {
    return seen.stream().filter(exchange -> exchange.method().equals(method)).toList();
  }

  /** The only exchange of a method. */
  public Exchange only(String method) {
    List<Exchange> all = all(method);
    if (all.size() != 1) {
      throw new AssertionError(method + " was asked " + all.size() + " times");
    }
    return all.getFirst();
  }

  public static Message.Notification notification(String method, String params) {
    return new Message.Notification(method, object(params));
  }

  public static JsonObject object(String text) {
    try {
      return Json.parse(text).asObject().orElseThrow();
    } catch (JsonException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
