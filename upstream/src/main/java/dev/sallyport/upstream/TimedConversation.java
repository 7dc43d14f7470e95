package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.ListChange;
import dev.sallyport.upstream.wire.Listening;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells how long a conversation lasted, once it is closed or found to be over. Thread-safe. */
final class TimedConversation implements Conversation {
  private final Conversation conversation;
  private final SessionWatch watch;
  private final long begun = System.nanoTime();
  private final AtomicBoolean told = new AtomicBoolean();

  TimedConversation(Conversation conversation, SessionWatch watch) {
    this.conversation = conversation;
    this.watch = watch;
  }

  private void over() {
    if (told.compareAndSet(false, true)) {
      watch.ended(version(), Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  @Override
  public boolean alive() {
    boolean alive = conversation.alive();
    if (!alive) {
      over();
    }
    return alive;
  }

  @Override
  public void close() {
    over();
    conversation.close();
  }

  @Override
  public Carried carryOut(Exchange exchange) {
    return conversation.carryOut(exchange);
  }

  @Override
  public Listening listen(Exchange exchange) {
    return conversation.listen(exchange);
  }

  @Override
  public boolean has(ListChange list) {
    return conversation.has(list);
  }

  @Override
  public boolean busy() {
    return conversation.busy();
  }

  @Override
  public int calls() {
    return conversation.calls();
  }

  @Override
  public boolean answers(Duration limit) {
    return conversation.answers(limit);
  }

  @Override
  public String where() {
    return conversation.where();
  }

  @Override
  public ProtocolVersion version() {
    return conversation.version();
  }

  @Override
  public String era() {
    return conversation.era();
  }
}
