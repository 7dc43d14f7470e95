package dev.sallyport.protocol;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What the credential of one request says of its caller, beside who that is. It may say something
 * else the next time, so nothing that lasts is bound to it.
 *
 * @param groups of the person, by names that mean something to the issuer alone
 * @param name of the person, for people to read; never to be decided by
 * @param expires after it nothing new may begin
 */
public record Claims(
    Scopes scopes, Set<String> groups, Optional<String> name, Optional<Instant> expires) {
  /** Nothing is said, and nothing is granted. */
  public static final Claims NONE =
      new Claims(Scopes.Only.NONE, Set.of(), Optional.empty(), Optional.empty());

  /** Of somebody who needs no scope. */
  public static final Claims EVERYTHING =
      new Claims(new Scopes.Every(), Set.of(), Optional.empty(), Optional.empty());

  public Claims {
    groups = Set.copyOf(groups);
  }

  public Claims until(Optional<Instant> end) {
    return new Claims(scopes, groups, name, end);
  }

  /** Whether it is over by then. */
  public boolean expiredAt(Instant now) {
    return expires.map(end -> !now.isBefore(end)).orElse(false);
  }
}
