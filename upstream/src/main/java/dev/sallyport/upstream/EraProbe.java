package dev.sallyport.upstream;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.legacy.LegacyConversation;
import dev.sallyport.upstream.legacy.LegacyOptions;
import dev.sallyport.upstream.legacy.Parks;
import dev.sallyport.upstream.modern.Discovery;
import dev.sallyport.upstream.modern.ModernConversation;
import dev.sallyport.upstream.stdio.ChildEnvironment;
import dev.sallyport.upstream.stdio.ChildProcess;
import dev.sallyport.upstream.stdio.ChildWire;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.StartFailure;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Starts children of one server and finds out how to speak with it: by asking the modern way first,
 * and greeting it the legacy way when the answer is anything but a modern one (CS-10, CS-11). What
 * was found holds for later children, until it turns out wrong (CS-12). Thread-safe.
 */
final class EraProbe implements Contact {
  private static final int LISTENS = 64;

  private final ChildCommand command;
  private final UpstreamOptions options;
  private final Map<String, String> environment;
  private final Parks parks;
  private final SecureRandom random;
  private final Tally tally = new Tally();
  private final AtomicReference<Known> known = new AtomicReference<>(new Known.Nothing());

  private sealed interface Known {
    record Nothing() implements Known {}

    record Legacy() implements Known {}

    record Modern() implements Known {}
  }

  EraProbe(ChildCommand command, UpstreamOptions options, Parks parks, SecureRandom random) {
    this.command = command;
    this.options = options;
    this.parks = parks;
    this.random = random;
    environment = ChildEnvironment.of(System.getenv(), command.inherited(), command.environment());
  }

  @Override
  public Slot.Key keyOf(Exchange exchange) {
    return new Slot.Key(
        Scope.of(exchange, options.sharing().isolation()), relevant(exchange.client()));
  }

  /**
   * What of a client the choice of a child depends on: nothing, once the server is modern; and
   * nothing when callers share it, because it may not be told that anybody can be asked (2.2.1).
   */
  private ClientProfile relevant(ClientContext client) {
    return known.get() instanceof Known.Modern || options.sharing().isShared()
        ? ClientProfile.NONE
        : ClientProfile.of(client);
  }

  /** Each try is a process of its own. */
  @Override
  public Duration parked() {
    return Duration.ofMinutes(5);
  }

  /** A process is one. */
  @Override
  public boolean keepsSessions() {
    return true;
  }

  @Override
  public boolean isElsewhere() {
    return false;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public Conversation start(ClientProfile profile) throws StartException, InterruptedException {
    return switch (options.era()) {
      case LEGACY -> greet(profile);
      case MODERN -> discoverOnly();
      case AUTO ->
          switch (known.get()) {
            case Known.Nothing nothing -> probe(profile, options.patience().probe());
            case Known.Legacy legacy -> greetAgain(profile);
            // Asked all the same: it may be another release by now, or not come up. What is known
            // buys it time, since silence most likely means that it is slow.
            case Known.Modern modern -> probe(profile, options.patience().handshake());
          };
    };
  }

  private Conversation discoverOnly() throws StartException, InterruptedException {
    return switch (discover(options.patience().probe())) {
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

  private Conversation probe(ClientProfile profile, Duration limit)
      throws StartException, InterruptedException {
    return switch (discover(limit)) {
      case Discovery.Modern(ModernConversation child) -> found(child);
      case Discovery.NoCommonVersion(List<String> offered) -> {
        if (offered.stream().noneMatch(EraProbe::isOurs)) {
          throw StartException.incompatible(offered);
        }
        yield greet(profile); // What is left in common is a version with a handshake.
      }
      case Discovery.Answered(Wire wire, StartException why) -> greetProbed(wire, profile);
      case Discovery.Unanswered(StartException why) -> greetOrProbeOnce(profile, why);
    };
  }

  private static boolean isOurs(String version) {
    return ProtocolVersion.of(version).isPresent();
  }

  /**
   * Most servers are none the worse for a question they did not know. One that is gets a fresh
   * process (CS-20), so little time is lost on it.
   */
  private Conversation greetProbed(Wire wire, ClientProfile profile)
      throws StartException, InterruptedException {
    try {
      return met(
          LegacyConversation.greet(
              wire, profile, legacyOptions(options.patience().probe()), parks));
    } catch (StartException e) {
      return greet(profile);
    }
  }

  /**
   * A first start can be slow (a package is fetched) and a modern server then misses the probe, but
   * will not be greeted either. It gets one more chance.
   */
  private Conversation greetOrProbeOnce(ClientProfile profile, StartException why)
      throws StartException, InterruptedException {
    if (why.failure() == StartFailure.NO_SERVER) {
      throw why;
    }
    try {
      return greet(profile);
    } catch (StartException e) {
      boolean wasSilent = why.failure() == StartFailure.SILENT;
      if (!wasSilent || !isRefusal(e)) {
        throw e;
      }
      return probeAgain(e);
    }
  }

  private Conversation probeAgain(StartException refusal)
      throws StartException, InterruptedException {
    try {
      return discoverOnly();
    } catch (StartException e) {
      throw refusal; // It was no better, and less to the point.
    }
  }

  private Conversation greetAgain(ClientProfile profile)
      throws StartException, InterruptedException {
    try {
      return greet(profile);
    } catch (StartException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      known.set(new Known.Nothing());
      return probe(profile, options.patience().probe());
    }
  }

  private static boolean isRefusal(StartException e) {
    return e.failure() == StartFailure.REJECTED || e.failure() == StartFailure.INCOMPATIBLE;
  }

  private Discovery discover(Duration limit) throws StartException, InterruptedException {
    return Discovery.of(wire(), options.modern(), limit);
  }

  private Conversation found(ModernConversation child) {
    known.set(new Known.Modern());
    return child;
  }

  private Conversation greet(ClientProfile profile) throws StartException, InterruptedException {
    LegacyOptions patient = legacyOptions(options.patience().handshake());
    return met(LegacyConversation.greet(wire(), profile, patient, parks));
  }

  private Conversation met(LegacyConversation child) {
    known.set(new Known.Legacy());
    return child;
  }

  private Wire wire() throws StartException, InterruptedException {
    byte[] mark = new byte[16];
    random.nextBytes(mark);
    ChildProcess process =
        ChildProcess.start(
            new ChildProcess.Launch(
                command.command(),
                environment,
                options.sandbox(),
                HexFormat.of().formatHex(mark),
                command.directory(),
                options.patience().eof(),
                options.patience().term()),
            options.notices());
    tally.count(Tally.Event.STARTED);
    return new ChildWire(process, options.wire(), options.notices(), tally);
  }

  private LegacyOptions legacyOptions(Duration handshake) {
    return options.legacy(handshake, LISTENS);
  }
}
