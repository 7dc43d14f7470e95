package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.http.HttpBounds;
import dev.sallyport.upstream.http.PairedWire;
import dev.sallyport.upstream.http.RemoteServer;
import dev.sallyport.upstream.http.SessionWire;
import dev.sallyport.upstream.http.StatelessWire;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.legacy.LegacyConversation;
import dev.sallyport.upstream.legacy.LegacyOptions;
import dev.sallyport.upstream.legacy.Parks;
import dev.sallyport.upstream.modern.Discovery;
import dev.sallyport.upstream.modern.ModernConversation;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.StartFailure;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Begins conversations with a server at a URL, and finds out which transport it speaks: the modern
 * one is tried first, then a session, then the pair of 2024-11-05, each when the answer to the one
 * before is none of its era (CH-18). What was found holds until it turns out wrong (CH-19).
 * Thread-safe.
 */
final class RemoteContact implements Contact {
  private static final int LISTENS = 10_000;

  private final RemoteServer server;
  private final UpstreamOptions options;
  private final Parks parks;
  private final Tally tally = new Tally();
  private final AtomicReference<Known> known = new AtomicReference<>(Known.NOTHING);

  private enum Known {
    NOTHING,
    STATELESS,
    SESSION,
    PAIR
  }

  RemoteContact(RemoteServer server, UpstreamOptions options, Parks parks) {
    this.server = server;
    this.options = options;
    this.parks = parks;
  }

  /** A server without sessions keeps nothing of anybody, so one conversation is enough. */
  @Override
  public Slot.Key keyOf(Exchange exchange) {
    return known.get() == Known.STATELESS
        ? new Slot.Key(new Scope.Everybody(), ClientProfile.NONE)
        : new Slot.Key(
            Scope.of(exchange, options.sharing().isolation()), ClientProfile.of(exchange.client()));
  }

  /** A try is a request, and a server elsewhere may be back at any moment. */
  @Override
  public Duration parked() {
    return Duration.ofSeconds(15);
  }

  @Override
  public boolean keepsSessions() {
    return known.get() != Known.STATELESS;
  }

  @Override
  public boolean isElsewhere() {
    return true;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public Conversation start(ClientProfile profile) throws StartException {
    Conversation begun = attempt(profile);
    tally.count(Tally.Event.STARTED);
    return begun;
  }

  private Conversation attempt(ClientProfile profile) throws StartException {
    return switch (options.era()) {
      case MODERN -> discoverOnly();
      case LEGACY -> known.get() == Known.PAIR ? pairOr(profile) : greet(profile);
      case AUTO ->
          switch (known.get()) {
            case NOTHING, STATELESS -> probe(profile);
            case SESSION, PAIR -> again(profile);
          };
    };
  }

  private Conversation discoverOnly() throws StartException {
    return switch (discover()) {
      case Discovery.Modern(ModernConversation child) -> found(child);
      case Discovery.NoCommonVersion(List<String> offered) ->
          throw StartException.incompatible(offered);
      case Discovery.Answered(Wire wire, StartException why) -> {
        wire.close();
        throw why;
      }
      case Discovery.Unanswered(StartException why) -> throw why;
    };
  }

  private Conversation probe(ClientProfile profile) throws StartException {
    return switch (discover()) {
      case Discovery.Modern(ModernConversation child) -> found(child);
      case Discovery.NoCommonVersion(List<String> offered) -> {
        if (offered.stream().noneMatch(version -> ProtocolVersion.of(version).isPresent())) {
          throw StartException.incompatible(offered);
        }
        yield greet(profile); // What is left in common is a version with a handshake.
      }
      case Discovery.Answered(Wire wire, StartException _) -> {
        wire.close();
        yield greet(profile);
      }
      case Discovery.Unanswered(StartException why) -> {
        if (isFinal(why)) {
          throw why;
        }
        yield greet(profile);
      }
    };
  }

  /** Where nobody is, or nobody is let in, another form of the same question gets no further. */
  private static boolean isFinal(StartException why) {
    return why.failure() == StartFailure.UNREACHABLE || why.failure() == StartFailure.NOT_ADMITTED;
  }

  private Discovery discover() {
    Duration limit =
        known.get() == Known.STATELESS
            ? options.patience().handshake()
            : options.patience().probe();
    return Discovery.of(
        new StatelessWire(server, HttpBounds.DEFAULT, this::remarked, tally),
        options.modern(),
        limit);
  }

  private Conversation found(ModernConversation child) {
    known.set(Known.STATELESS);
    return child;
  }

  private Conversation again(ClientProfile profile) throws StartException {
    try {
      return known.get() == Known.PAIR ? pair(profile) : greet(profile);
    } catch (StartException e) {
      if (isFinal(e)) {
        throw e;
      }
      known.set(Known.NOTHING);
      return probe(profile);
    }
  }

  private Conversation greet(ClientProfile profile) throws StartException {
    try {
      Wire wire = new SessionWire(server, HttpBounds.DEFAULT, this::remarked, tally);
      Conversation met = LegacyConversation.greet(wire, profile, legacyOptions(), parks);
      known.set(Known.SESSION);
      return met;
    } catch (StartException e) {
      if (e.failure() != StartFailure.NO_SERVER) {
        throw e;
      }
      return pairInstead(profile, e);
    }
  }

  private Conversation pairInstead(ClientProfile profile, StartException why)
      throws StartException {
    try {
      return pair(profile);
    } catch (StartException e) {
      throw why; // It was no better, and less to the point.
    }
  }

  private Conversation pairOr(ClientProfile profile) throws StartException {
    try {
      return pair(profile);
    } catch (StartException e) {
      return greet(profile);
    }
  }

  private Conversation pair(ClientProfile profile) throws StartException {
    Wire wire =
        PairedWire.open(
            server, HttpBounds.DEFAULT, legacyOptions().handshake(), this::remarked, tally);
    Conversation met = LegacyConversation.greet(wire, profile, legacyOptions(), parks);
    known.set(Known.PAIR);
    return met;
  }

  private void remarked(Remark remark) {
    options.notices().accept(new ServerNotice.Remarked(server.where(), remark));
  }

  private LegacyOptions legacyOptions() {
    return options.legacy(options.patience().handshake(), LISTENS);
  }
}
