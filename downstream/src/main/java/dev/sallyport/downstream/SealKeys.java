package dev.sallyport.downstream;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that texts which travel through clients are sealed with. They change: what was sealed
 * lately is sealed with the newest, and what is not so old opens with the one before. They are of
 * this process, so nothing opens that another one sealed. Thread-safe.
 */
public final class SealKeys {
  private static final int BYTES = 32;

  private final Clock clock;
  private final SecureRandom random;
  private final Duration change;
  private final AtomicReference<Ring> ring;

  /**
   * @param number told apart by; the low bits of a count
   */
  record Key(byte number, SecretKey secret) {}

  private record Ring(Key newest, Optional<Key> before, Instant made) {}

  /**
   * @param change how long a key is the newest; what is sealed with it must not live for longer
   */
  public SealKeys(Clock clock, SecureRandom random, Duration change) {
    this.change = change;
    this.clock = clock;
    this.random = random;
    ring = new AtomicReference<>(new Ring(key((byte) 0), Optional.empty(), clock.instant()));
  }

  private Key key(byte number) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    Key key = new Key(number, new SecretKeySpec(secret, "AES"));
    Arrays.fill(secret, (byte) 0);
    return key;
  }

  Key newest() {
    return current().newest();
  }

  Optional<Key> find(byte number) {
    Ring now = current();
    return List.of(Optional.of(now.newest()), now.before()).stream()
        .flatMap(Optional::stream)
        .filter(key -> key.number() == number)
        .findFirst();
  }

  /** What is sealed lives for less than the time between two changes, so one before is enough. */
  private Ring current() {
    Instant now = clock.instant();
    Ring seen = ring.get();
    if (now.isBefore(seen.made().plus(change))) {
      return seen;
    }
    Ring next = new Ring(key((byte) (seen.newest().number() + 1)), Optional.of(seen.newest()), now);
    return ring.compareAndSet(seen, next) ? next : ring.get();
  }
}
