package dev.sallyport.upstream;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.http.RemoteServer;
import dev.sallyport.upstream.legacy.ClientProfile;
import dev.sallyport.upstream.legacy.Parks;
import dev.sallyport.upstream.stdio.LiveChildren;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.UpstreamErrors;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A server that callers are offered: a command, run here as child processes, or one at a URL.
 * Callers share its processes and sessions as {@link Isolation} says. Carries out modern exchanges
 * whatever the server speaks. Thread-safe.
 *
 * <pre>{@code
 * try (UpstreamServer server = UpstreamServer.open("notes", ChildCommand.of("notes-server"), UpstreamOptions.DEFAULT)) {
 *   Outcome outcome = server.handle(exchange);
 * }
 * }</pre>
 */
public final class UpstreamServer implements Handler, AutoCloseable {
  private static final Log LOG = Log.of(UpstreamServer.class);
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

  private final Contact contact;
  private final ConversationPool pool;
  private final Parks parks;
  private final ServerFacts facts;
  private final AtomicReference<SessionWatch> sessions;
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  private UpstreamServer(
      Contact contact,
      ConversationPool pool,
      Parks parks,
      ServerFacts facts,
      AtomicReference<SessionWatch> sessions) {
    this.sessions = sessions;
    this.contact = contact;
    this.pool = pool;
    this.parks = parks;
    this.facts = facts;
  }

  /**
   * Starts a first child, so that what is wrong with the server shows now.
   *
   * @param name what the operator calls the server
   */
  public static UpstreamServer open(String name, ChildCommand command, UpstreamOptions options)
      throws StartException {
    return open(name, command, options, new SecureRandom(), System::nanoTime);
  }

  static UpstreamServer open(
      String name,
      ChildCommand command,
      UpstreamOptions options,
      SecureRandom random,
      LongSupplier nanos)
      throws StartException {
    Parks parks = new Parks(options.parks(), random, nanos);
    return open(name, new EraProbe(command, options, parks, random), parks, options, random, nanos);
  }

  /**
   * Begins a first conversation with a server at a URL, so that what is wrong with it shows now.
   *
   * @param name what the operator calls the server
   */
  public static UpstreamServer open(String name, RemoteServer server, UpstreamOptions options)
      throws StartException {
    SecureRandom random = new SecureRandom();
    Parks parks = new Parks(options.parks(), random, System::nanoTime);
    return open(
        name, new RemoteContact(server, options, parks), parks, options, random, System::nanoTime);
  }

  private static UpstreamServer open(
      String name,
      Contact contact,
      Parks parks,
      UpstreamOptions options,
      SecureRandom random,
      LongSupplier nanos)
      throws StartException {
    AtomicReference<SessionWatch> sessions = new AtomicReference<>((version, lasted) -> {});
    Contact timed =
        new TimedContact(name, contact, (version, lasted) -> sessions.get().ended(version, lasted));
    ConversationPool pool =
        new ConversationPool(
            options.sharing(),
            profile -> begin(timed, profile, options),
            failures ->
                options.notices().accept(new ServerNotice.Parked(failures, contact.parked())),
            new StartBreaker(contact.parked(), nanos, random::nextDouble),
            nanos,
            random::nextDouble);
    Conversation first = beginFirst(timed, options);
    ServerFacts facts = Inventory.of(first, name);
    pool.adopt(ClientProfile.NONE, first);
    UpstreamServer server = new UpstreamServer(contact, pool, parks, facts, sessions);
    Duration round = shortest(LONGEST_ROUND, options.sharing().idle(), options.parks().limit());
    Thread.ofVirtual().name("sallyport-" + name + "-rounds").start(() -> server.goRounds(round));
    return server;
  }

  /** The operator is told when that fails. */
  private static Conversation begin(Contact contact, ClientProfile profile, UpstreamOptions options)
      throws StartException, InterruptedException {
    try {
      return contact.start(profile);
    } catch (StartException e) {
      contact.tally().count(Tally.Event.NOT_STARTED);
      options.notices().accept(new ServerNotice.NotStarted(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private static Conversation beginFirst(Contact contact, UpstreamOptions options)
      throws StartException {
    try {
      return begin(contact, ClientProfile.NONE, options);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StartException.interrupted();
    }
  }

  private static Duration shortest(Duration first, Duration second, Duration third) {
    Duration shorter = first.compareTo(second) < 0 ? first : second;
    return shorter.compareTo(third) < 0 ? shorter : third;
  }

  private void goRounds(Duration every) {
    try {
      while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
        goRound();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whatever goes wrong in one, there is a next one: nothing else ends what nobody needs. */
  private void goRound() {
    try {
      pool.goRound();
      parks.expire();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a round was cut short", e);
    }
  }

  @Override
  public Outcome handle(Exchange exchange) {
    Optional<Exchange> onward =
        contact.isElsewhere() ? Hops.onward(exchange) : Optional.of(exchange);
    return onward.map(this::handled).orElse(Hops.tooMany());
  }

  private Outcome handled(Exchange exchange) {
    return Method.LISTEN.is(exchange.method()) ? listen(exchange) : carryOut(exchange);
  }

  /** Once more on what serves next, when nothing can have come of it. */
  private Outcome carryOut(Exchange exchange) {
    return switch (attempt(exchange)) {
      case Carried.Done(Outcome outcome) -> outcome;
      case Carried.Again _ -> attempt(exchange).outcome();
    };
  }

  private Carried attempt(Exchange exchange) {
    return switch (pool.borrow(contact.keyOf(exchange), exchange.cancellation())) {
      case Borrowed.Lent lent -> {
        try (lent) {
          yield lent.child().carryOut(exchange);
        }
      }
      case Borrowed.Full full -> new Carried.Done(UpstreamErrors.tooManyChildren());
      case Borrowed.Broken broken -> new Carried.Done(UpstreamErrors.unavailable());
      case Borrowed.Over over -> new Carried.Done(UpstreamErrors.sessionOver());
      case Borrowed.Cancelled cancelled -> new Carried.Done(new Outcome.Cancelled());
    };
  }

  private Outcome listen(Exchange exchange) {
    Subscription subscription = new Subscription(pool, contact, exchange);
    subscriptions.add(subscription);
    try {
      if (closed.getCount() == 0) {
        subscription.end();
      }
      return subscription.run();
    } finally {
      subscriptions.remove(subscription);
    }
  }

  /** What the server said of itself when it first started. */
  public ServerFacts facts() {
    return facts;
  }

  /** Has somebody hear of sessions that end from now on, in place of whoever heard before. */
  public void watchSessions(SessionWatch watch) {
    sessions.set(watch);
  }

  /** How it stands; asks every child, and so takes two seconds when one is silent. */
  public ServerStatus status() {
    return new HealthCheck(pool.standing(), pool.snapshot(), contact.tally()).take();
  }

  /** How it stands, in numbers; asks nobody, so that it may be asked often. */
  public ServerCounts counts() {
    return ServerCounts.of(pool.standing(), pool.snapshot(), contact.tally());
  }

  /** How many children there are. */
  int children() {
    return pool.size();
  }

  int parked() {
    return parks.parked();
  }

  /** Ends all children, and whatever waits for them; returns when they are gone. */
  @Override
  public void close() {
    closed.countDown();
    subscriptions.forEach(Subscription::end);
    pool.close();
  }

  /** Prepares for the first child, while a program has other things to do; returns at once. */
  public static void prepare() {
    LiveChildren.begin();
  }

  /**
   * Leaves it to the program to end all children at its end, by {@link #endAll}. For a program with
   * a shutdown hook of its own, which lets calls finish first: hooks run all at once.
   */
  public static void leaveEndToProgram() {
    LiveChildren.leaveEndToProgram();
  }

  /**
   * Whether children end, with what they started, also when this program is killed: by a watchdog,
   * unless a sandbox sees to it.
   */
  public static boolean childrenAreWatched() {
    return LiveChildren.areWatched();
  }

  /** Ends every child of every server, with little patience: for the very end of the program. */
  public static void endAll() {
    LiveChildren.end();
  }
}
