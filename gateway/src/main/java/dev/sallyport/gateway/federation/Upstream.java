package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.upstream.Hops;
import dev.sallyport.upstream.Isolation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One server of a federation at work: how its things are called, its part of each session, and
 * whether it kept everybody waiting lately. Thread-safe.
 */
final class Upstream {
  private static final Duration REMEMBERED = Duration.ofSeconds(30);
  private static final Duration TOLD_AGAIN = Duration.ofMinutes(1);
  private static final Duration LISTED_AGAIN = Duration.ofSeconds(10);

  /**
   * How long others wait for a server.
   *
   * @param whole as a rule
   * @param brief soon after it was late
   */
  record Patience(Duration whole, Duration brief) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  private final Member member;
  private final Handler server;
  private final Past past;

  /** What outlives a change of which tools are offered. */
  private static final class Past {
    private static final int MOST_LEFT_BEHIND = 32;

    /** Tells this server from another one that may have the same prefix later. */
    private final String mark = Long.toHexString(new SecureRandom().nextLong()) + ".";

    private final Patience patience;
    private final LongSupplier nanos;
    private final Names tools;
    private final Names prompts;
    private final Uris uris;
    private final Rewriting rewriting;
    private final Map<ClientSession, ClientSession> sessions = new ConcurrentHashMap<>();
    private final Map<ListKind, Integer> sizes = new ConcurrentHashMap<>();
    private final Semaphore leftBehind = new Semaphore(MOST_LEFT_BEHIND);
    private final AtomicLong lateUntil;
    private final AtomicLong listAgain;
    private final AtomicLong tellAgain;
    private final AtomicLong warnAgain;

    Past(String prefix, Patience patience, LongSupplier nanos) {
      this.patience = patience;
      this.nanos = nanos;
      tools = new Names(prefix);
      prompts = new Names(prefix);
      uris = new Uris(prefix);
      rewriting = new Rewriting(prefix, uris);
      long now = nanos.getAsLong();
      lateUntil = new AtomicLong(now);
      listAgain = new AtomicLong(now);
      tellAgain = new AtomicLong(now);
      warnAgain = new AtomicLong(now);
    }
  }

  Upstream(Member member, Patience patience, LongSupplier nanos) {
    this(member, new Past(member.prefix(), patience, nanos));
  }

  private Upstream(Member member, Past past) {
    this.member = member;
    this.server =
        new BoundedHints(OfferedTools.of(member.server(), member.rules()), member.isolation());
    this.past = past;
  }

  /** Whether it is this very server, under the same prefix. */
  boolean serves(Member other) {
    return member.server().equals(other.server()) && prefix().equals(other.prefix());
  }

  /** The same server, perhaps with other tools offered. */
  Upstream with(Member other) {
    return member.equals(other) ? this : new Upstream(other, past);
  }

  String prefix() {
    return member.prefix();
  }

  /** Whether one process or session of it serves all callers. */
  boolean isForAll() {
    return member.isolation() == Isolation.SHARED;
  }

  /** Whether each session has a process of its own. */
  boolean isForSessions() {
    return member.isolation() == Isolation.SESSION;
  }

  /** How many entries a list of it had when it was asked last; 0 before that. */
  int expected(ListKind kind) {
    return past.sizes.getOrDefault(kind, 0);
  }

  void had(ListKind kind, int entries) {
    past.sizes.put(kind, entries);
  }

  Names tools() {
    return past.tools;
  }

  Names prompts() {
    return past.prompts;
  }

  Uris uris() {
    return past.uris;
  }

  Rewriting rewriting() {
    return past.rewriting;
  }

  /**
   * Carries out a request that is for this server alone, in its own words.
   *
   * @param params in its words
   * @param channel to the client, which takes what the server says
   */
  Outcome carryOut(Exchange exchange, JsonObject params, ClientChannel channel) {
    return told(
        server.handle(
            unmarked(exchange)
                .withParams(params)
                .withOrigin(of(exchange.origin()))
                .withChannel(channel)));
  }

  private Exchange unmarked(Exchange exchange) {
    return exchange
        .continuation()
        .flatMap(Continuation::handle)
        .flatMap(this::unmarked)
        .map(handle -> exchange.continued(exchange.continuation().get().with(handle)))
        .orElse(exchange);
  }

  /** Asks it something that all servers are asked; nobody hears what it says meanwhile. */
  Outcome ask(Method method, JsonObject params, Exchange exchange, Cancellation unwanted) {
    return told(
        server.handle(
            new Exchange(
                method.text(),
                Hops.carried(exchange.params(), params),
                Optional.empty(),
                of(exchange.origin()),
                exchange.client(),
                Optional.empty(),
                ClientChannel.NONE,
                unwanted)));
  }

  /** Listens to it; returns when that ends, or when it is over. */
  Outcome listen(Exchange exchange, JsonObject params, ClientChannel channel, Cancellation over) {
    return server.handle(
        new Exchange(
            Method.LISTEN.text(),
            Hops.carried(exchange.params(), params),
            Optional.empty(),
            of(exchange.origin()),
            exchange.client(),
            Optional.empty(),
            channel,
            over));
  }

  /**
   * What it has for a session ends with the session, but not the session with it: the client has
   * other servers there.
   */
  private Origin of(Origin origin) {
    return origin.session().map(session -> origin.in(own(session))).orElse(origin);
  }

  private ClientSession own(ClientSession whole) {
    ClientSession fresh = new ClientSession(whole.name() + "/" + prefix());
    ClientSession own =
        past.sessions.compute(
            whole, (_, before) -> before == null || before.isOver() ? fresh : before);
    if (own == fresh) {
      // Not while the table is held: what is over already is ended at once.
      Cancellation.Registration end = whole.onEnd(() -> end(whole));
      own.onEnd(
          () -> {
            end.close();
            past.sessions.remove(whole, own);
          });
    }
    return own;
  }

  private void end(ClientSession whole) {
    Optional.ofNullable(past.sessions.remove(whole)).ifPresent(ClientSession::end);
  }

  /** Parts of sessions, for tests. */
  int sessions() {
    return past.sessions.size();
  }

  /** That its part of a session is over is nothing for a client to begin anew for. */
  private static Outcome told(Outcome outcome) {
    return outcome instanceof Outcome.Refused(Refusal refusal)
            && refusal.reason() == Refusal.Reason.NOT_FOUND
        ? new Outcome.Failed(RpcError.internal("upstream session ended; try again"))
        : outcome;
  }

  /** How long others wait for it; not so long again soon after it was late. */
  Duration patience() {
    return past.lateUntil.get() - past.nanos.getAsLong() > 0
        ? past.patience.brief()
        : past.patience.whole();
  }

  /** What it gave to come back with (a handle, a cursor, the id of a task): for it alone. */
  String marked(String given) {
    return past.mark + given;
  }

  /** The same in its own words; empty when it is not this server's, which had the same prefix. */
  Optional<String> unmarked(String marked) {
    return marked.startsWith(past.mark)
        ? Optional.of(marked.substring(past.mark.length()))
        : Optional.empty();
  }

  /** Whether answers are to what it asked; those without a handle are to nothing in particular. */
  boolean asked(Continuation answers) {
    return answers.handle().stream().allMatch(handle -> unmarked(handle).isPresent());
  }

  /** A place for each answer that nobody waits for any more. */
  Semaphore leftBehind() {
    return past.leftBehind;
  }

  /** Whether its coming late is told: those who hear of it ask again, and it may be late again. */
  boolean mayBeTold() {
    return isDue(past.tellAgain, TOLD_AGAIN);
  }

  private boolean isDue(AtomicLong earliest, Duration pause) {
    long now = past.nanos.getAsLong();
    long due = earliest.get();
    return now - due >= 0 && earliest.compareAndSet(due, now + pause.toNanos());
  }

  /** Whether it may be listed again for a name alone; callers can make names up. */
  boolean mayBeListed() {
    return isDue(past.listAgain, LISTED_AGAIN);
  }

  /** Tells the operator what is wrong with it, once a minute at most: callers bring it about. */
  void warn(Log log, String what) {
    if (isDue(past.warnAgain, TOLD_AGAIN)) {
      log.log(System.Logger.Level.WARNING, prefix() + " " + what);
    }
  }

  void wasLate() {
    past.lateUntil.set(past.nanos.getAsLong() + REMEMBERED.toNanos());
  }

  void wasInTime() {
    past.lateUntil.set(past.nanos.getAsLong());
  }
}
