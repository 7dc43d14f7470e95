package dev.sallyport.access.token;

import dev.sallyport.access.AccessKey;
import dev.sallyport.access.Secret;
import dev.sallyport.access.Standing;
import dev.sallyport.access.token.KnownTokens.Good;
import dev.sallyport.access.token.TokenVerdict.Cause;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.access.token.TokenVerdict.Invalid;
import dev.sallyport.access.token.TokenVerdict.Undecided;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Person;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.AddressRule;
import dev.sallyport.transport.outbound.GuardOptions;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Tells whose an access token is. One that was found good is known by its SHA-256 and costs a look
 * for a minute; then its signature is checked again, since its key may be gone. Bounded in all it
 * keeps. Thread-safe.
 *
 * <pre>{@code
 * try (AccessTokens tokens = AccessTokens.open(engine, issuers, ring::standing, Clock.systemUTC())) {
 *   switch (tokens.check(presented, "https://mcp.example/mcp", peer)) { ... }
 * }
 * }</pre>
 */
public final class AccessTokens implements AutoCloseable {
  /** For how long nobody asks again about a token that is good. */
  static final Duration TRUSTED = Duration.ofSeconds(60);

  /** For how long an issuer is not asked again about an opaque token. */
  static final Duration TOLD = Duration.ofSeconds(30);

  private static final int MOST_ASKING = 256;

  /** Bytes of what an issuer tells, about. */
  private static final int MOST_TOLD = 2_000;

  private static final int ASKED_A_MINUTE = 12_000;

  private static final TokenVerdict TOO_MANY = new Undecided(Cause.PACE, Duration.ofSeconds(1));

  private final Map<String, Provider> providers;
  private final List<GuardedFetch> fetches;
  private final Function<Person, Standing> standing;
  private final Clock clock;
  private final PeerPace pace;

  private final KnownTokens known = new KnownTokens();

  private record Provider(TokenRules rules, IssuerKeys keys, Optional<Introspector> introspector) {}

  private AccessTokens(
      Map<String, Provider> providers,
      List<GuardedFetch> fetches,
      Function<Person, Standing> standing,
      Clock clock,
      LongSupplier nanos) {
    this.providers = Map.copyOf(providers);
    this.fetches = List.copyOf(fetches);
    this.standing = standing;
    this.clock = clock;
    this.pace = new PeerPace(nanos);
  }

  /**
   * On the loops of an engine, which is closed after this. Nothing is fetched yet.
   *
   * @param issuers with names that differ; one at most is asked about opaque tokens
   * @param standing asked of each token that is good, so it must not block
   */
  public static AccessTokens open(
      HttpEngine engine, List<Issuer> issuers, Function<Person, Standing> standing, Clock clock) {
    return open(engine, issuers, standing, clock, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock
   */
  static AccessTokens open(
      HttpEngine engine,
      List<Issuer> issuers,
      Function<Person, Standing> standing,
      Clock clock,
      LongSupplier nanos) {
    if (issuers.stream().filter(each -> each.introspection().isPresent()).count() > 1) {
      throw new IllegalArgumentException("whose an opaque token is cannot be seen");
    }
    List<GuardedFetch> fetches = new ArrayList<>();
    Map<String, Provider> providers =
        issuers.stream()
            .collect(
                Collectors.toMap(
                    Issuer::name,
                    issuer -> {
                      GuardedFetch fetch = GuardedFetch.open(engine, named(issuer));
                      fetches.add(fetch);
                      return new Provider(
                          new TokenRules(issuer),
                          new IssuerKeys(issuer, new Discovery(issuer, fetch), nanos),
                          issuer.introspection().map(by -> new Introspector(by, fetch)));
                    }));
    return new AccessTokens(providers, fetches, standing, clock, nanos);
  }

  /** Where the operator has pointed to is fine, wherever it is; where that points to is judged. */
  private static GuardOptions named(Issuer issuer) {
    Set<HttpUrl> named = new LinkedHashSet<>(Set.of(issuer.url()));
    issuer.keys().ifPresent(named::add);
    issuer.introspection().map(Introspection::url).ifPresent(named::add);
    return GuardOptions.DEFAULT
        .withLoad(16, MOST_ASKING, ASKED_A_MINUTE)
        .withAddresses(AddressRule.PUBLIC.withOriginsOf(named));
  }

  /** Names of the issuers, in their alphabetical order. */
  public List<String> issuers() {
    return providers.keySet().stream().sorted().toList();
  }

  /** Whether a caller can still have a token that is good. */
  public boolean mayTake(Caller caller) {
    return providers.containsKey(caller.issuer())
        && standing.apply(caller.person()) != Standing.REVOKED;
  }

  /** Whether a credential can be a token that is taken, as far as its look tells. */
  public boolean mayBeOurs(Secret credential) {
    return !AccessKey.looksLikeOne(credential) && (isSigned(credential) || asked().isPresent());
  }

  /** Whether it is a JWT by its look, and so no key. */
  public static boolean isSigned(Secret credential) {
    return SignedToken.looksLike(credential.reveal());
  }

  /**
   * Whose it is. May block for as long as keys are fetched.
   *
   * @param resource the URL that it is shown to, as it was published
   * @param peer who shows it
   */
  public TokenVerdict check(Secret token, String resource, InetAddress peer) {
    TokenVerdict verdict = judge(token, resource, peer);
    if (!(verdict instanceof TokenVerdict.Valid(var identity))) {
      return verdict;
    }
    return switch (standing.apply(identity.caller().person())) {
      case GOOD -> verdict;
      case REVOKED -> new Invalid(Fault.REVOKED, "whom it is of has been revoked here");
      case UNKNOWN -> new Undecided(Cause.STANDING, Duration.ofSeconds(2));
    };
  }

  private TokenVerdict judge(Secret token, String resource, InetAddress peer) {
    TokenHash hash = TokenHash.of(token);
    Optional<Good> good = known.good(hash);
    Instant now = clock.instant();
    if (good.isPresent() && now.isBefore(good.get().until())) {
      return again(good.get(), resource, now);
    }
    Optional<Invalid> refused = known.bad(hash);
    if (refused.isPresent()) {
      return refused.get();
    }
    try {
      return anew(new Shown(token, hash, good.isPresent(), resource, peer, now));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Undecided(Cause.KEYS, Duration.ofSeconds(1));
    }
  }

  /**
   * What can be told of a token at once, for a peer that should not be listened to any longer. Of
   * any other nothing is: to find a token costs more than the rest, and {@link #check} has to
   * anyway. Does not block.
   */
  public Optional<TokenVerdict> screen(Secret token, InetAddress peer) {
    if (pace.mayTake(peer)) {
      return Optional.empty();
    }
    TokenHash hash = TokenHash.of(token);
    return known.good(hash).isPresent()
        ? Optional.empty()
        : known.bad(hash).<TokenVerdict>map(why -> why).or(() -> Optional.of(TOO_MANY));
  }

  /** The signature was good a moment ago; the rest depends on where and when. */
  private static TokenVerdict again(Good good, String resource, Instant now) {
    if (!now.minus(TokenRules.SKEW).isBefore(good.read().expires())) {
      return new Invalid(Fault.EXPIRED, "it has expired");
    }
    return good.rules().isFor(good.read().audience(), resource)
        ? new TokenVerdict.Valid(good.read().identity())
        : new Invalid(Fault.AUDIENCE, "it is for another resource");
  }

  // ---- tokens that have to be looked at

  /**
   * A token, and how it was shown.
   *
   * @param wasGood whether it was good a while ago
   */
  private record Shown(
      Secret token,
      TokenHash hash,
      boolean wasGood,
      String resource,
      InetAddress peer,
      Instant at) {}

  private TokenVerdict anew(Shown shown) throws InterruptedException {
    if (!shown.wasGood() && !pace.mayTake(shown.peer())) {
      return TOO_MANY;
    }
    return isSigned(shown.token()) ? signed(shown) : opaque(shown);
  }

  private interface Costly {
    TokenVerdict decide() throws InterruptedException;
  }

  /** Counted for the peer, unless the token is good or it is nobody's fault here. */
  private TokenVerdict counted(Shown shown, Costly rest) throws InterruptedException {
    if (shown.wasGood()) {
      return rest.decide();
    }
    if (!pace.take(shown.peer())) {
      return TOO_MANY;
    }
    TokenVerdict verdict = rest.decide();
    if (!(verdict instanceof Invalid)) {
      pace.giveBack(shown.peer());
    }
    return verdict;
  }

  private TokenVerdict signed(Shown shown) throws InterruptedException {
    Optional<SignedToken> token = SignedToken.read(shown.token().reveal());
    if (token.isEmpty()) {
      return new Invalid(Fault.MALFORMED, "it is no JWT, or not a sound one");
    }
    Optional<Provider> provider =
        token
            .get()
            .claims()
            .string("iss")
            .flatMap(name -> Optional.ofNullable(providers.get(name)));
    if (provider.isEmpty()) {
      return new Invalid(Fault.ISSUER, "nobody whose tokens are taken here has issued it");
    }
    return switch (provider.get().rules().judge(token.get(), shown.resource(), shown.at())) {
      case TokenRules.Judgement.Unsound(var why) -> why;
      case TokenRules.Judgement.Sound(var read) ->
          counted(shown, () -> verified(token.get(), shown, provider.get(), read));
    };
  }

  private TokenVerdict verified(
      SignedToken token, Shown shown, Provider provider, TokenRules.Read read)
      throws InterruptedException {
    Optional<SigningKeys> keys = provider.keys().forToken(token);
    if (keys.isEmpty()) {
      return new Undecided(Cause.KEYS, Duration.ofSeconds(2));
    }
    boolean someKey = keys.get().has(token);
    if (someKey && (keys.get().verify(token) || isOfNewKey(token, keys.get(), provider))) {
      return good(shown, provider, read, TRUSTED, token.signed().length);
    }
    known.forget(shown.hash());
    Invalid why = new Invalid(Fault.SIGNATURE, "no key of its issuer has signed it");
    if (someKey) { // a key that nobody knows yet may be known soon
      known.isBad(shown.hash(), why);
    }
    return why;
  }

  private static boolean isOfNewKey(SignedToken token, SigningKeys tried, Provider provider)
      throws InterruptedException {
    return provider.keys().otherThan(tried).filter(keys -> keys.verify(token)).isPresent();
  }

  /** The one that can be asked; a token must not be shown to any other. */
  private Optional<Provider> asked() {
    return providers.values().stream()
        .filter(provider -> provider.introspector().isPresent())
        .findFirst();
  }

  private TokenVerdict opaque(Shown shown) throws InterruptedException {
    Optional<Provider> provider = asked();
    return provider.isEmpty()
        ? new Invalid(Fault.MALFORMED, "it is no JWT, and no issuer is asked about others")
        : counted(shown, () -> told(shown, provider.get()));
  }

  private TokenVerdict told(Shown shown, Provider provider) throws InterruptedException {
    return switch (provider.introspector().orElseThrow().ask(shown.token())) {
      case Introspector.Answer.None _ -> new Undecided(Cause.ISSUER, Duration.ofSeconds(2));
      case Introspector.Answer.Inactive _ -> {
        Invalid why = new Invalid(Fault.INACTIVE, "its issuer says that it is not active");
        known.forget(shown.hash());
        known.isBad(shown.hash(), why);
        yield why;
      }
      case Introspector.Answer.Active(var claims) ->
          switch (provider.rules().judgeTold(claims, shown.resource(), shown.at())) {
            case TokenRules.Judgement.Unsound(var why) -> {
              known.forget(shown.hash()); // from now on it is paced like any other
              yield why;
            }
            case TokenRules.Judgement.Sound(var read) ->
                good(shown, provider, read, TOLD, MOST_TOLD);
          };
    };
  }

  private TokenVerdict good(
      Shown shown, Provider provider, TokenRules.Read read, Duration trusted, int length) {
    known.isGood(shown.hash(), Good.of(provider.rules(), read, shown.at().plus(trusted), length));
    return new TokenVerdict.Valid(read.identity());
  }

  /** Ends its connections. */
  @Override
  public void close() {
    fetches.forEach(GuardedFetch::close);
  }
}
