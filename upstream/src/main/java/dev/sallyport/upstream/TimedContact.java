package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import java.time.Duration;

/** Begins conversations whose time is taken, where they are sessions. Thread-safe. */
record TimedContact(Contact contact, SessionWatch watch) implements Contact {
  @Override
  public Conversation start(ClientProfile profile) throws StartException, InterruptedException {
    Conversation begun = contact.start(profile);
    return contact.keepsSessions() ? new TimedConversation(begun, watch) : begun;
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
