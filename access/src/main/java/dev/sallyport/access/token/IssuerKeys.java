package dev.sallyport.access.token;

import dev.sallyport.protocol.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * An issuer's keys as they were last fetched. One thread at a time fetches them: when there are
 * none, when they are old, and when a token names one that is not among them, but for that not more
 * often than {@link #PACE} allows, whoever makes up names (security T07). While the issuer is away
 * those that are known stay good, for {@link #KEPT}. Thread-safe.
 */
final class IssuerKeys {
  static final Duration FRESH = Duration.ofMinutes(10);
  static final Duration KEPT = Duration.ofHours(24);
  static final Duration PACE = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Log LOG = Log.of(IssuerKeys.class);

  private final Issuer issuer;
  private final Discovery discovery;
  private final LongSupplier nanos;
  private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());
  private final ReentrantLock fetching = new ReentrantLock();

  // Guarded by the lock.
  private Optional<Long> lastTried = Optional.empty();
  private final Map<Why, Long> lastAsked = new EnumMap<>(Why.class);
  private int failures;

  /**
   * Why keys are fetched. A token can be made up for either of the last two, and each has a pace of
   * its own: a bad signature, which comes by often, must not keep a new key from being found.
   */
  private enum Why {
    /** There are none, or they are old. */
    AGE,
    /** A token names a key that is not among them. */
    NAME,
    /** None of them has signed a token that one of them could have. */
    SIGNATURE
  }

  private record Known(SigningKeys keys, long at) {}

  /**
   * @param nanos a monotonic clock
   */
  IssuerKeys(Issuer issuer, Discovery discovery, LongSupplier nanos) {
    this.issuer = issuer;
    this.discovery = discovery;
    this.nanos = nanos;
  }

  /** Keys, one of which could have signed the token; or those that there are. Blocks. */
  Optional<SigningKeys> forToken(SignedToken token) throws InterruptedException {
    Optional<Known> seen = known.get();
    Optional<Known> now = seen.filter(this::isUsable);
    if (now.isEmpty()) {
      fetch(seen, Why.AGE);
    } else if (!now.get().keys().has(token)) {
      fetch(seen, Why.NAME);
    } else if (isOlderThan(now.get(), FRESH)) {
      refreshAside(seen);
    }
    return usable().map(Known::keys);
  }

  /**
   * Other keys than those that have not signed a token although one of them could have: of an
   * issuer that gives its keys no names, or one name twice, only that tells a new key. Empty when
   * there are no others. Blocks.
   */
  Optional<SigningKeys> otherThan(SigningKeys tried) throws InterruptedException {
    Optional<Known> seen = known.get();
    if (seen.filter(now -> now.keys().equals(tried)).isPresent()) {
      fetch(seen, Why.SIGNATURE);
    }
    return usable().map(Known::keys).filter(now -> !now.equals(tried));
  }

  private Optional<Known> usable() {
    return known.get().filter(this::isUsable);
  }

  private boolean isUsable(Known keys) {
    return !isOlderThan(keys, KEPT);
  }

  private boolean isOlderThan(Known keys, Duration age) {
    return nanos.getAsLong() - keys.at() > age.toNanos();
  }

  /** Those that are known are good enough for whoever asks just now. */
  private void refreshAside(Optional<Known> seen) {
    if (!fetching.isLocked()) {
      Thread.ofVirtual()
          .name("issuer-keys")
          .start(
              () -> {
                try {
                  fetch(seen, Why.AGE);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
  }

  /**
   * @param seen what was not good enough: when it is others meanwhile, somebody else has fetched
   */
  private void fetch(Optional<Known> seen, Why why) throws InterruptedException {
    if (!fetching.tryLock(WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    try {
      boolean same = known.get().map(Known::at).equals(seen.map(Known::at));
      if (same && hasPassed(lastTried, pause()) && hasPassed(lastAsked(why), PACE)) {
        lastTried = Optional.of(nanos.getAsLong());
        lastTried.ifPresent(at -> lastAsked.put(why, at));
        fetchNow();
      }
    } finally {
      fetching.unlock();
    }
  }

  /** A fetch that nobody can bring about at will has no pace but {@link #pause}. */
  private Optional<Long> lastAsked(Why why) {
    return why == Why.AGE ? Optional.empty() : Optional.ofNullable(lastAsked.get(why));
  }

  private boolean hasPassed(Optional<Long> since, Duration pause) {
    return since.map(at -> nanos.getAsLong() - at >= pause.toNanos()).orElse(true);
  }

  /** After failures alone, and longer after each. */
  private Duration pause() {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 5));
    return failures == 0 ? Duration.ZERO : doubled.compareTo(PACE) > 0 ? PACE : doubled;
  }

  private void fetchNow() throws InterruptedException {
    long at = nanos.getAsLong();
    switch (discovery.keys()) {
      case Discovery.Keys.Found(var keys) -> {
        known.set(Optional.of(new Known(keys, at)));
        if (failures > 0) {
          LOG.log(Level.INFO, "the keys of " + issuer.name() + " can be had again");
        }
        failures = 0;
      }
      case Discovery.Keys.Missing(var why) -> {
        if (failures == 0) {
          LOG.log(
              Level.WARNING,
              "cannot fetch the keys of "
                  + issuer.name()
                  + (usable().isPresent()
                      ? "; those that are known are used on: "
                      : "; its tokens are refused until that works: ")
                  + why);
        }
        failures++;
      }
    }
  }
}
