package dev.sallyport.access;

import dev.sallyport.protocol.Caller;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The keys as requests see them: an immutable snapshot in memory, renewed within half a second of a
 * change by a platform thread of its own, so that no request waits for a file. When the store
 * cannot be read for {@link #PATIENCE}, no key opens any more: a revocation could have been missed.
 * Thread-safe.
 */
public final class KeyRing implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Logger LOG = System.getLogger(KeyRing.class.getName());

  private final KeyStore store;
  private final Clock clock;
  private final AtomicReference<Map<Long, KeyStore.Stored>> snapshot =
      new AtomicReference<>(Map.of());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread refresher;
  private long version;
  private long lastReadNanos;

  private KeyRing(KeyStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.refresher =
        Thread.ofPlatform().daemon().name("sallyport-keys").unstarted(this::refreshUntilClosed);
  }

  /** Reads the store and goes on watching it; the ring owns the store from now on. */
  public static KeyRing watch(KeyStore store, Clock clock) throws AccessException {
    KeyRing ring = new KeyRing(store, clock);
    ring.reload();
    ring.refresher.start();
    return ring;
  }

  /**
   * Whose key this is. Unknown, expired and revoked keys are the same answer. The snapshot is keyed
   * by a part of the hash, which a peer cannot steer, and the whole hash is compared in constant
   * time (security.md T19).
   */
  public Optional<Caller> callerOf(Secret presented) {
    String hash = presented.sha256();
    return Optional.ofNullable(snapshot.get().get(slot(hash)))
        .filter(stored -> MessageDigest.isEqual(bytes(stored.hash()), bytes(hash)))
        .map(KeyStore.Stored::key)
        .filter(key -> !key.expiredAt(clock.instant()))
        .map(AccessKey::caller);
  }

  private static long slot(String hash) {
    return HexFormat.fromHexDigitsToLong(hash, 0, 16);
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(StandardCharsets.US_ASCII);
  }

  private void reload() throws AccessException {
    // The version is read first: a change between the two reads is then seen next time instead of
    // never.
    long now = store.dataVersion();
    Map<Long, KeyStore.Stored> fresh = new HashMap<>();
    store.read().forEach(stored -> fresh.put(slot(stored.hash()), stored));
    snapshot.set(Map.copyOf(fresh));
    version = now;
    lastReadNanos = System.nanoTime();
  }

  private void refreshUntilClosed() {
    try {
      while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        refresh();
      }
      store.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      snapshot.set(Map.of());
    } catch (AccessException e) {
      LOG.log(Logger.Level.WARNING, "the key store could not be closed", e);
    }
  }

  private void refresh() {
    try {
      if (store.dataVersion() == version) {
        lastReadNanos = System.nanoTime();
      } else {
        reload();
      }
    } catch (AccessException e) {
      if (System.nanoTime() - lastReadNanos > PATIENCE.toNanos()
          && !snapshot.getAndSet(Map.of()).isEmpty()) {
        version = -1;
        LOG.log(
            Logger.Level.ERROR,
            "the key store has been unreadable for "
                + PATIENCE.toSeconds()
                + " s: no key is accepted",
            e);
      }
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
