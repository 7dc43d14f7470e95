package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import dev.sallyport.upstream.wire.Silence;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.Optional;

/** A modern server. Keeps nothing from one request to the next. Thread-safe. */
public final class ModernConversation implements Conversation {
  private final Wire wire;
  private final Silence silence;
  private final ProtocolVersion version;
  private final Relay relay;
  private final ModernListens listens;
  private final HeldTasks tasks;
  private final JsonObject offered;

  private ModernConversation(
      Wire wire, ProtocolVersion version, ModernOptions options, JsonObject offered) {
    this.offered = offered;
    this.wire = wire;
    this.version = version;
    // No ping in this era; discovery is what every server answers.
    silence =
        new Silence(
            wire, Method.DISCOVER, Discovery.params(version, options), options.watch().quiet());
    relay = new Relay(wire, silence, version, options);
    listens = new ModernListens(wire, version, options);
    tasks = new HeldTasks(wire, relay, options);
  }

  /**
   * A child that is being read.
   *
   * @param offered its ServerCapabilities when we met; an answer later may have others
   */
  static ModernConversation on(
      Wire wire, ProtocolVersion version, ModernOptions options, JsonObject offered) {
    return new ModernConversation(wire, version, options, offered);
  }

  @Override
  public Carried carryOut(Exchange exchange) {
    Optional<Method> method = Method.of(exchange.method());
    if (method.isEmpty()) {
      return relay.carryOut(exchange); // The server's own method: it knows best.
    }
    return switch (method.get()) {
      case DISCOVER,
          TOOLS_LIST,
          PROMPTS_LIST,
          PROMPTS_GET,
          RESOURCES_LIST,
          RESOURCE_TEMPLATES_LIST,
          RESOURCES_READ,
          COMPLETE ->
          relay.carryOut(exchange);
      case TOOLS_CALL -> tasks.carryOut(exchange);
      case TASKS_GET, TASKS_UPDATE, TASKS_CANCEL ->
          Tasks.areTakenBy(exchange.client())
              ? relay.carryOut(exchange)
              : done(RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY))); // TK-10
      default -> done(RpcError.methodNotFound());
    };
  }

  private static Carried done(RpcError error) {
    return new Carried.Done(new Outcome.Failed(error));
  }

  @Override
  public Listening listen(Exchange exchange) {
    return listens.listen(exchange, relay.request(exchange, Optional.empty()));
  }

  @Override
  public boolean has(ListChange list) {
    return offered.has(list.capability());
  }

  @Override
  public boolean alive() {
    return wire.alive();
  }

  @Override
  public boolean busy() {
    return wire.calls().size() > 0;
  }

  @Override
  public int calls() {
    return wire.calls().size();
  }

  @Override
  public boolean answers(Duration limit) {
    return silence.breaks(limit);
  }

  @Override
  public String where() {
    return wire.where();
  }

  @Override
  public ProtocolVersion version() {
    return version;
  }

  @Override
  public String era() {
    return "modern";
  }

  @Override
  public void close() {
    wire.close();
  }
}
