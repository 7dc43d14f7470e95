package dev.sallyport.signin;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.signin.store.KeyTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.outbound.FetchBounds;
import dev.sallyport.transport.outbound.GuardedFetch;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * The authorization server. Its handler is put beside the routes of MCP, for the paths that it
 * {@link #serves}; its keys are given to whoever checks tokens. Thread-safe.
 *
 * <pre>{@code
 * SignInOptions options = SignInOptions.of(() -> "https://mcp.example", () -> resources);
 * try (SignIn signIn = SignIn.open(directory, engine, options, Clock.systemUTC(), random)) {
 *   ...
 * }
 * }</pre>
 */
public final class SignIn implements AutoCloseable {
  private static final HttpFields JSON = HttpFields.empty().with("Accept", "application/json");

  /** A redirect would put somebody else's document in the place of the one that is the client. */
  private static final FetchBounds DOCUMENT =
      FetchBounds.DEFAULT.withMostBytes(64 * 1024).withRedirects(0);

  private final Store store;
  private final Site site;
  private final TokenMint mint;
  private final People people;
  private final SignInOptions options;
  private final Runnable ending;

  private SignIn(
      Store store,
      Site site,
      TokenMint mint,
      People people,
      SignInOptions options,
      Runnable ending) {
    this.store = store;
    this.site = site;
    this.mint = mint;
    this.people = people;
    this.options = options;
    this.ending = ending;
  }

  /**
   * Opens its file, on the loops of an engine that is closed after this. For platform threads only.
   *
   * @throws AccessException when the file cannot be used
   */
  public static SignIn open(
      DataDirectory directory,
      HttpEngine engine,
      SignInOptions options,
      Clock clock,
      SecureRandom random)
      throws AccessException {
    GuardedFetch fetch = GuardedFetch.open(engine, options.documents());
    return open(
        directory,
        options,
        url -> fetch.get(url, JSON, DOCUMENT),
        fetch::close,
        new Surroundings(clock, System::nanoTime, random));
  }

  /**
   * What is the same for all parts.
   *
   * @param nanos a monotonic clock
   */
  record Surroundings(Clock clock, LongSupplier nanos, SecureRandom random) {}

  /**
   * @param ending what is closed with it
   */
  static SignIn open(
      DataDirectory directory,
      SignInOptions options,
      ClientDocuments.Fetch fetch,
      Runnable ending,
      Surroundings around)
      throws AccessException {
    Clock clock = around.clock();
    LongSupplier nanos = around.nanos();
    Chance chance = new Chance(around.random());
    Store store = Store.open(directory, clock);
    try {
      TokenMint mint = TokenMint.open(store, clock, chance);
      byte[] key = store.in(rows -> KeyTable.secret(rows, "refresh", chance.bytes(32)));
      Browsers browsers = new Browsers(store, clock);
      Clients clients = new Clients(options, new ClientDocuments(fetch, nanos), store, clock);
      Site.Endpoints endpoints =
          new Site.Endpoints(
              new AuthorizeEndpoint(
                  store, clients, browsers, options.resources(), clock, nanos, chance),
              new TokenEndpoint(store, mint, clock, chance, new Successors(key)),
              new Registration(store, clock, chance),
              new InviteEndpoint(store, browsers, clock, chance),
              mint);
      People people = new People(store, clock, chance);
      Site site = new Site(options, endpoints, nanos);
      return new SignIn(store, site, mint, people, options, ending);
    } catch (StoreException e) {
      store.close();
      ending.run();
      throw new AccessException("cannot use the sign-in's file: is the disk full?", e);
    }
  }

  /** Whether a path of the origin is the sign-in's. */
  public static boolean serves(String path) {
    return path.equals(Home.METADATA) || path.startsWith("/signin/");
  }

  /** Answers on those paths, and says 404 on all others. */
  public HttpHandler handler() {
    return site;
  }

  /** Who may come in; closed with this. */
  public People people() {
    return people;
  }

  /**
   * Whether the person that a token names as {@code sub} is still welcome. To be asked on each
   * request: an access token itself is good until it is over. In memory, half a second behind.
   */
  public boolean knows(String subject) {
    return store.knows(subject);
  }

  /** The public keys that its tokens are signed with (RFC 7517); asked for anew, they change. */
  public byte[] keys() {
    return mint.published();
  }

  /** What it publishes of itself (RFC 8414). */
  public byte[] metadata() {
    return site.metadata(new Home(options.issuer().get()));
  }

  @Override
  public void close() {
    store.close();
    ending.run();
  }
}
