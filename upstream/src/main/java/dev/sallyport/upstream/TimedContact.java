package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import java.time.Duration;

/**
 * Begins conversations whose time is taken, where they are sessions, and tells of them at level
 * debug. Thread-safe.
 *
 * @param name what the operator calls the server
 */
record TimedContact(String name, Contact contact, SessionWatch watch) implements Contact {
  private static final Log LOG = Log.of(TimedContact.class);

  @Override
  public Conversation start(ClientProfile profile) throws StartException, InterruptedException {
    Conversation begun = contact.start(profile);
    if (LOG.tellsDetails()) {
      LOG.detail(
          "%s: a conversation with %s has begun, %s %s"
              .formatted(name, begun.where(), begun.era(), begun.version().text()));
    }
    return contact.keepsSessions() ? new TimedConversation(begun, this::ended) : begun;
  }

  private void ended(ProtocolVersion version, Duration lasted) {
    if (LOG.tellsDetails()) {
      LOG.detail(name + ": a conversation is over after " + lasted.toMillis() + " ms");
    }
    watch.ended(version, lasted);
  }

  @Override
  public Slot.Key keyOf(Exchange exchange) {
    return contact.keyOf(exchange);
  }

  @Override
  public boolean keepsSessions() {
    return contact.keepsSessions();
  }

  @Override
  public boolean isElsewhere() {
    return contact.isElsewhere();
  }

  @Override
  public Duration parked() {
    return contact.parked();
  }

  @Override
  public Tally tally() {
    return contact.tally();
  }
}
