package dev.sallyport.signin;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.access.Secret;
import dev.sallyport.signin.store.PeopleTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may come in, for the command line: also while a gateway runs, which learns of it within half
 * a second. Thread-safe.
 *
 * <pre>{@code
 * try (People people = People.open(directory, Clock.systemUTC(), new SecureRandom())) {
 *   Invitation invitation = people.invite("ada");
 *   print(issuer + invitation.path().reveal());
 * }
 * }</pre>
 */
public final class People implements AutoCloseable {
  static final Duration INVITE = Duration.ofHours(24);
  static final String INVITE_PATH = "/signin/invite/";
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@'-]{0,63}");

  private final Store store;
  private final Clock clock;
  private final Chance chance;

  People(Store store, Clock clock, Chance chance) {
    this.store = store;
    this.clock = clock;
    this.chance = chance;
  }

  /**
   * @throws AccessException when the file cannot be used
   */
  public static People open(DataDirectory directory, Clock clock, SecureRandom random)
      throws AccessException {
    return new People(Store.open(directory, clock), clock, new Chance(random));
  }

  /**
   * Makes a link that works once, for 24 hours. For somebody who is here already it makes another
   * browser known as them.
   *
   * @throws AccessException when the name is unfit, or there are too many invites
   */
  public Invitation invite(String name) throws AccessException {
    if (!NAME.matcher(name).matches() || name.endsWith(" ")) {
      throw new AccessException(
          "a person's name is 1 to 64 letters, digits, spaces and . _ @ ' - and starts with a"
              + " letter or a digit");
    }
    Secret secret = chance.secret();
    Instant now = clock.instant();
    Instant expires = now.plus(INVITE);
    boolean added = done(rows -> PeopleTable.invite(rows, Chance.hash(secret), name, now, expires));
    if (!added) {
      throw new AccessException(
          "there are " + PeopleTable.MOST_INVITES + " open invites; wait until some have expired");
    }
    return new Invitation(name, new Secret(INVITE_PATH + secret.reveal()), expires);
  }

  /** Everybody who has come in and is not revoked, by name. */
  public List<Person> list() throws AccessException {
    return done(PeopleTable::all);
  }

  /**
   * Ends all that somebody has here: browsers, invites, refresh tokens, and access tokens where
   * {@link SignIn#knows} is asked. False when there is nobody, and no invite, of that name.
   */
  public boolean revoke(String name) throws AccessException {
    Instant now = clock.instant();
    return done(rows -> PeopleTable.revoke(rows, name, now));
  }

  private <T> T done(Store.Job<T> job) throws AccessException {
    try {
      return store.in(job);
    } catch (StoreException e) {
      throw new AccessException("cannot use the sign-in's file: is the disk full?", e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
