package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One server of a federation at work: how its things are called, its part of each session, and
 * whether it kept everybody waiting lately. Thread-safe.
 */
final class Upstream {
  private static final Duration WHOLE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration REMEMBERED = Duration.ofSeconds(30);
  private static final Duration LISTED_AGAIN = Duration.ofSeconds(10);

  private final String prefix;
  private final Handler server;
  private final LongSupplier nanos;
  private final Names tools;
  private final Names prompts;
  private final Uris uris;
  private final Map<ClientSession, ClientSession> sessions = new ConcurrentHashMap<>();
  private final AtomicLong lateUntil;
  private final AtomicLong listAgain;

  Upstream(Member member, LongSupplier nanos) {
    this.prefix = member.prefix();
    this.server = member.server();
    this.nanos = nanos;
    this.tools = new Names(prefix);
    this.prompts = new Names(prefix);
    this.uris = new Uris(prefix);
    this.lateUntil = new AtomicLong(nanos.getAsLong());
    this.listAgain = new AtomicLong(nanos.getAsLong());
  }

  /** Whether it is this very server, under the same prefix. */
  boolean is(Member member) {
    return server.equals(member.server()) && prefix.equals(member.prefix());
  }

  String prefix() {
    return prefix;
  }

  Names tools() {
    return tools;
  }

  Names prompts() {
    return prompts;
  }

  Uris uris() {
    return uris;
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
            exchange.withParams(params).withOrigin(of(exchange.origin())).withChannel(channel)));
  }

  /** Asks it something that all servers are asked; nobody hears what it says meanwhile. */
  Outcome ask(Method method, JsonObject params, Exchange exchange, Cancellation unwanted) {
    return told(
        server.handle(
            new Exchange(
                method.text(),
                params,
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
            params,
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
    return origin
        .session()
        .map(
            session ->
                new Origin(
                    origin.caller(), origin.route(), Optional.of(own(session)), origin.request()))
        .orElse(origin);
  }

  private ClientSession own(ClientSession session) {
    ClientSession own =
        sessions.compute(
            session, (whole, before) -> before == null || before.isOver() ? begun(whole) : before);
    if (session.isOver()) {
      end(session);
    }
    return own;
  }

  private ClientSession begun(ClientSession whole) {
    ClientSession own = new ClientSession(whole.name() + "/" + prefix);
    Cancellation.Registration registration = whole.onEnd(() -> end(whole));
    own.onEnd(registration::close);
    return own;
  }

  private void end(ClientSession whole) {
    Optional.ofNullable(sessions.remove(whole)).ifPresent(ClientSession::end);
  }

  /** Parts of sessions, for tests. */
  int sessions() {
    return sessions.size();
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
    return lateUntil.get() - nanos.getAsLong() > 0 ? SHORT : WHOLE;
  }

  /** Whether it may be listed again for a name alone; callers can make names up. */
  boolean mayBeListed() {
    long now = nanos.getAsLong();
    long earliest = listAgain.get();
    return now - earliest >= 0 && listAgain.compareAndSet(earliest, now + LISTED_AGAIN.toNanos());
  }

  void wasLate() {
    lateUntil.set(nanos.getAsLong() + REMEMBERED.toNanos());
  }

  void wasInTime() {
    lateUntil.set(nanos.getAsLong());
  }
}
