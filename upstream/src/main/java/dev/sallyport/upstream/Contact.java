package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import java.time.Duration;

/** How conversations with one server begin, and which of them an exchange belongs to. */
interface Contact {
  Slot.Key keyOf(Exchange exchange);

  /** Begins one. */
  Conversation start(ClientProfile profile) throws StartException, InterruptedException;

  /** Whether a conversation with it, once begun, is a session: it has an end of its own. */
  boolean keepsSessions();

  /** Whether it is reached at a URL, so that there may be other gateways on the way. */
  boolean isElsewhere();

  /** How long to leave a server alone that did not come up for a long time, before each try. */
  Duration parked();

  /** What has happened in all of them so far. */
  Tally tally();
}
