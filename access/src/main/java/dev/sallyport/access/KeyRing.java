package dev.sallyport.access;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Person;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The keys and the revoked people as requests see them: an immutable snapshot in memory, renewed
 * within half a second of a change by a platform thread of its own, so that no request waits for a
 * file. A snapshot that was not confirmed for {@link #PATIENCE} opens nothing, whatever kept the
 * thread from it: a revocation could have been missed. Thread-safe.
 */
public final class KeyRing implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Log LOG = Log.of(KeyRing.class);

  private final KeyStore store;
  private final Clock clock;
  private final LongSupplier nanos;
  private final AtomicReference<Snapshot> snapshot;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread refresher;

  /** A key, and the SHA-256 of what opens it. */
  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, where it is compared
  private record Opening(AccessKey key, byte[] hash) {}

  /**
   * What was read, and when it was last known to be so.
   *
   * @param version of the store's data
   */
  private record Snapshot(
      Map<Long, Opening> keys,
      Map<Caller, AccessKey> byCaller,
      Set<Person> revoked,
      long version,
      long confirmedAt) {

    Snapshot confirmed(long at) {
      return new Snapshot(keys, byCaller, revoked, version, at);
    }
  }

  private KeyRing(KeyStore store, Clock clock, LongSupplier nanos) throws AccessException {
    this.store = store;
    this.clock = clock;
    this.nanos = nanos;
    this.snapshot = new AtomicReference<>(read());
    this.refresher =
        Thread.ofPlatform().daemon().name("sallyport-keys").unstarted(this::refreshUntilClosed);
  }

  /** Reads the store and goes on watching it; the ring owns the store from now on. */
  public static KeyRing watch(KeyStore store, Clock clock) throws AccessException {
    return watch(store, clock, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock
   */
  static KeyRing watch(KeyStore store, Clock clock, LongSupplier nanos) throws AccessException {
    KeyRing ring = new KeyRing(store, clock, nanos);
    ring.refresher.start();
    return ring;
  }

  /**
   * Whose key this is. Unknown, expired and revoked keys are the same answer. The snapshot is keyed
   * by a part of the hash, which a peer cannot steer, and the whole hash is compared in constant
   * time (security.md T19).
   */
  public Optional<Caller> callerOf(Secret presented) {
    Snapshot now = snapshot.get();
    if (isStale(now)) {
      return Optional.empty();
    }
    byte[] hash = presented.sha256();
    return Optional.ofNullable(now.keys().get(slot(hash)))
        .filter(opening -> MessageDigest.isEqual(opening.hash(), hash))
        .map(Opening::key)
        .filter(key -> !key.expiredAt(clock.instant()))
        .map(AccessKey::caller);
  }

  /**
   * Whether a caller has a key that can still open something. As long as nobody can tell, it has:
   * meanwhile the keys themselves are refused.
   */
  public boolean has(Caller caller) {
    Snapshot now = snapshot.get();
    return isStale(now)
        || Optional.ofNullable(now.byCaller().get(caller))
            .filter(key -> !key.expiredAt(clock.instant()))
            .isPresent();
  }

  /** What is known here of somebody for whom an issuer vouches. */
  public Standing standing(Person person) {
    Snapshot now = snapshot.get();
    if (isStale(now)) {
      return Standing.UNKNOWN;
    }
    return now.revoked().contains(person) ? Standing.REVOKED : Standing.GOOD;
  }

  private boolean isStale(Snapshot read) {
    return nanos.getAsLong() - read.confirmedAt() > PATIENCE.toNanos();
  }

  private static long slot(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  private Snapshot read() throws AccessException {
    // Time and version are read first: a change between the reads is then seen next time.
    long start = nanos.getAsLong();
    long version = store.dataVersion();
    Map<Long, Opening> fresh = new HashMap<>();
    Map<Caller, AccessKey> byCaller = new HashMap<>();
    for (KeyStore.Stored stored : store.read()) {
      byte[] hash = HexFormat.of().parseHex(stored.hash());
      fresh.put(slot(hash), new Opening(stored.key(), hash));
      byCaller.put(stored.key().caller(), stored.key());
    }
    Set<Person> revoked =
        store.people().list().stream()
            .map(RevokedPeople.Revoked::person)
            .collect(Collectors.toUnmodifiableSet());
    return new Snapshot(Map.copyOf(fresh), Map.copyOf(byCaller), revoked, version, start);
  }

  private void refreshUntilClosed() {
    try {
      while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        refresh();
      }
      store.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AccessException e) {
      LOG.log(System.Logger.Level.WARNING, "the key store could not be closed", e);
    } finally {
      // Too old for anybody to go by, whatever ended this thread.
      long old = nanos.getAsLong() - PATIENCE.toNanos() - 1;
      snapshot.set(new Snapshot(Map.of(), Map.of(), Set.of(), -1, old));
    }
  }

  private void refresh() {
    Snapshot known = snapshot.get();
    try {
      long start = nanos.getAsLong();
      boolean same = store.dataVersion() == known.version();
      snapshot.set(same ? known.confirmed(start) : read());
    } catch (AccessException | RuntimeException e) {
      // The snapshot grows old, and opens nothing once it is too old.
      LOG.log(
          System.Logger.Level.ERROR,
          "the key store cannot be read; keys are refused if it lasts",
          e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      refresher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
