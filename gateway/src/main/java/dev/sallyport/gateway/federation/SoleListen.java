package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One {@code subscriptions/listen} at the only server of an endpoint. Everything passes as it
 * comes, but for changes of lists, which are gathered as those of several servers are: a server
 * that announces them without end would have every client list without end. The exchange's thread
 * runs it; any may end it.
 */
final class SoleListen {
  private static final Set<Method> CHANGES =
      EnumSet.of(Method.TOOLS_CHANGED, Method.PROMPTS_CHANGED, Method.RESOURCES_CHANGED);

  private final Exchange exchange;
  private final Handler server;
  private final Cancellation over = new Cancellation();
  private final GatheredChanges changes = new GatheredChanges();

  SoleListen(Exchange exchange, Handler server) {
    this.exchange = exchange;
    this.server = server;
  }

  /** Whether it is this server that it listens to. */
  boolean isAt(Optional<Handler> alone) {
    return alone.filter(server::equals).isPresent();
  }

  /** Ends it, in good order. */
  void end() {
    over.cancel();
  }

  /** Runs until nobody listens any more, the server ends it, or {@link #end} was called. */
  Outcome run() {
    Thread teller = Thread.ofVirtual().name("sallyport-changes").start(this::tell);
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(over::cancel)) {
      Outcome outcome = server.handle(exchange.withCancellation(over).withChannel(this::hear));
      return over.isCancelled() && !exchange.cancellation().isCancelled()
          ? new Outcome.Complete(JsonObject.EMPTY)
          : outcome;
    } finally {
      changes.end();
      await(teller); // Nothing may follow the outcome.
    }
  }

  private void hear(Message.Notification notification) {
    Method.of(notification.method())
        .filter(CHANGES::contains)
        .ifPresentOrElse(changes::add, () -> exchange.notify(notification));
  }

  private void tell() {
    try {
      changes.tell(exchange::notify);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Thread teller) {
    try {
      teller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
