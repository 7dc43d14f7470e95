package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.wire.Conversation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a fresh child, on our own behalf, what it offers. Bounded in time and pages. */
final class Inventory {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MOST_PAGES = 100;
  private static final Origin OURSELVES =
      Origin.of(new Caller("local", "sallyport", "inventory"), "");

  private final Conversation child;
  private final Cancellation outOfTime = new Cancellation();

  private Inventory(Conversation child) {
    this.child = child;
  }

  /**
   * @param fallback the server's name when it has none to tell
   */
  static ServerFacts of(Conversation child, String fallback) {
    Inventory inventory = new Inventory(child);
    CountDownLatch done = new CountDownLatch(1);
    Thread.ofVirtual().name("sallyport-inventory-limit").start(() -> inventory.limit(done));
    try {
      return inventory.take(fallback);
    } finally {
      done.countDown();
    }
  }

  private void limit(CountDownLatch done) {
    try {
      if (!done.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        outOfTime.cancel();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerFacts take(String fallback) {
    JsonObject self = ask(Method.DISCOVER, JsonObject.EMPTY).orElse(JsonObject.EMPTY);
    JsonObject info = Meta.serverInfo(self).orElse(JsonObject.EMPTY);
    JsonObject offered = self.object("capabilities").orElse(JsonObject.EMPTY);
    return new ServerFacts(
        info.string("name").orElse(fallback),
        info.string("version").orElse(""),
        child.era(),
        child.version(),
        child.where(),
        offered.has("tools") ? count(Method.TOOLS_LIST, "tools") : 0,
        offered.has("resources") ? count(Method.RESOURCES_LIST, "resources") : 0,
        offered.has("prompts") ? count(Method.PROMPTS_LIST, "prompts") : 0);
  }

  private int count(Method list, String member) {
    int total = 0;
    JsonObject params = JsonObject.EMPTY;
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonObject result = ask(list, params).orElse(JsonObject.EMPTY);
      total += result.array(member).orElse(List.of()).size();
      Optional<Json> cursor = result.get("nextCursor"); // opaque; empty is a cursor too (CH-24)
      if (cursor.filter(some -> some.kind() == Json.Kind.STRING).isEmpty()) {
        return total;
      }
      params = JsonObject.of("cursor", cursor.get());
    }
    return total;
  }

  private Optional<JsonObject> ask(Method method, JsonObject params) {
    ClientContext client =
        new ClientContext(child.version(), JsonObject.EMPTY, Optional.empty(), Optional.empty());
    Exchange exchange =
        new Exchange(
            method.text(),
            params,
            Optional.empty(),
            OURSELVES,
            client,
            Optional.empty(),
            ClientChannel.NONE,
            outOfTime);
    return child.carryOut(exchange).outcome() instanceof Outcome.Complete(JsonObject result)
        ? Optional.of(result)
        : Optional.empty();
  }
}
