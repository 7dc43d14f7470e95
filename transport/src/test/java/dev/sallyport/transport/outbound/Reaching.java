package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client under test, whose clock can be put forward. Closing it checks that no thread is left of
 * it.
 */
final class Reaching implements AutoCloseable {
  private final Set<Thread> before = threads();
  private final HttpEngine engine = HttpEngine.begin();
  private final AtomicLong ahead = new AtomicLong();
  private final OutboundClient client;

  Reaching() {
    this(OutboundOptions.DEFAULT);
  }

  Reaching(OutboundOptions options) {
    this(options, InetAddress::getAllByName);
  }

  Reaching(OutboundOptions options, Resolver.Lookup lookup) {
    client =
        OutboundClient.open(
            engine,
            options,
            lookup,
            () -> System.nanoTime() + ahead.get(),
            (url, addresses) -> Optional.empty());
  }

  OutboundClient client() {
    return client;
  }

  void putForward(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  OutboundCall start(OutboundRequest request) {
    return client.start(request, () -> {});
  }

  OutboundCall get(HttpUrl url) {
    return start(OutboundRequest.get(url, HttpFields.empty()));
  }

  /** All that comes of a GET. */
  Taken fetch(HttpUrl url) throws InterruptedException {
    try (OutboundCall call = get(url)) {
      return Taken.of(call);
    }
  }

  /** Waits until there are as many, whoever uses them. */
  void awaitConnections(int number) {
    long end = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (client.connections() != number && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(client.connections()).as("connections").isEqualTo(number);
  }

  /** Waits until that many are there to be used. */
  void awaitIdle(int number) {
    long end = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (client.idle() != number && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(client.idle()).as("idle connections").isEqualTo(number);
  }

  private static Set<Thread> threads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(
        thread ->
            !thread.getName().startsWith("vert.x-")
                && !thread.getName().startsWith("sallyport-dns"));
    return threads;
  }

  @Override
  public void close() {
    client.close();
    awaitConnections(0);
    engine.close();
    Set<Thread> left = threads();
    left.removeAll(before);
    for (Thread thread : left) {
      assertThat(hasEnded(thread)).as("%s has ended", thread).isTrue();
    }
  }

  private static boolean hasEnded(Thread thread) {
    try {
      return thread.join(Peer.PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
