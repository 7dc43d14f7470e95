package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyRing;
import dev.sallyport.access.KeyStore;
import dev.sallyport.access.Standing;
import dev.sallyport.protocol.Person;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The keys that open one gateway, and the one that was made for its owner. That one is revoked at
 * the end unless it was made to last, and shown: a key that nobody saw opens nothing. Confined to
 * one thread at a time.
 */
final class GatewayKeys implements AutoCloseable {
  private static final Duration LIFE = Duration.ofHours(24);

  private final Sallyport.Surroundings surroundings;
  private final Optional<KeyRing> ring;
  private final Optional<KeyStore.Issued> made;
  private final boolean there;
  private boolean lasts;

  private GatewayKeys(
      Sallyport.Surroundings surroundings,
      Optional<KeyRing> ring,
      Optional<KeyStore.Issued> made,
      boolean there) {
    this.surroundings = surroundings;
    this.ring = ring;
    this.made = made;
    this.there = there;
  }

  /** For a gateway that checks nobody. */
  static GatewayKeys none(Sallyport.Surroundings surroundings) {
    return new GatewayKeys(surroundings, Optional.empty(), Optional.empty(), false);
  }

  /** For a gateway that only keys made earlier open. */
  static GatewayKeys existing(Sallyport.Surroundings surroundings)
      throws CliFault, AccessException {
    KeyStore store = KeysCommand.open(surroundings);
    if (store.list().isEmpty()) {
      store.close();
      throw new CliFault(
          CliFault.CONFIG,
          "refused: with --keys only existing keys open it, and there are none",
          "make one:  sallyport keys add NAME");
    }
    return new GatewayKeys(
        surroundings, Optional.of(KeyRing.watch(store, Clock.systemUTC())), Optional.empty(), true);
  }

  /** For a gateway that keys open which there are now, or come later. */
  static GatewayKeys anyThatCome(Sallyport.Surroundings surroundings)
      throws CliFault, AccessException {
    KeyStore store = KeysCommand.open(surroundings);
    boolean some = !store.list().isEmpty();
    return new GatewayKeys(
        surroundings, Optional.of(KeyRing.watch(store, Clock.systemUTC())), Optional.empty(), some);
  }

  /**
   * Makes a key for the owner. Its name is one of its own for every run, because an earlier run's
   * key may still be valid.
   */
  static GatewayKeys withOneFor(Sallyport.Surroundings surroundings, String server)
      throws CliFault, AccessException {
    KeyStore store = KeysCommand.open(surroundings);
    String name = server + "-" + Long.toString(new SecureRandom().nextLong(1L << 40), 36);
    KeyStore.Issued made = store.add(name, Optional.of(LIFE));
    return new GatewayKeys(
        surroundings,
        Optional.of(KeyRing.watch(store, Clock.systemUTC())),
        Optional.of(made),
        true);
  }

  Optional<KeyRing> ring() {
    return ring;
  }

  /** Of somebody for whom an issuer vouches; where nobody is asked for a key, nobody is revoked. */
  Standing standing(Person person) {
    return ring.map(known -> known.standing(person)).orElse(Standing.GOOD);
  }

  /** Whether there was a key at the start. */
  boolean areThere() {
    return there;
  }

  Optional<KeyStore.Issued> made() {
    return made;
  }

  /** The owner has seen the key, and it stays valid for its day: clients survive a restart. */
  void letLast() {
    lasts = true;
  }

  @Override
  public void close() throws CliFault {
    ring.ifPresent(KeyRing::close);
    if (made.isPresent() && !lasts) {
      try (KeyStore store = KeysCommand.open(surroundings)) {
        store.revoke(made.get().key().id());
      } catch (AccessException e) {
        throw KeysCommand.fault(e);
      }
    }
  }
}
