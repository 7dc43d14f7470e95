package dev.sallyport.transport.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Finds the addresses of hosts the way the system does, hosts file and all, on platform threads,
 * because a lookup would pin its carrier. What was found is good for a while: a connection is made
 * to an address that was looked at, never to a name (DNS rebinding). Thread-safe.
 */
final class Resolver implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int MOST_WAITING = 64;
  private static final int MOST_KNOWN = 1_000;
  private static final int MOST_ADDRESSES = 16;
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private final Lookup lookup;
  private final LongSupplier nanos;
  private final ExecutorService threads;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** As many as there are threads and places in their queue. */
  private final Map<String, FutureTask<InetAddress[]>> asking = new ConcurrentHashMap<>();

  /** How names are looked up. */
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  private record Known(List<InetAddress> addresses, long until) {}

  Resolver(Lookup lookup, LongSupplier nanos) {
    this.lookup = lookup;
    this.nanos = nanos;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon(true).name("sallyport-dns-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  /**
   * The addresses of a host, in the system's order, and no more of them than anybody would try.
   *
   * @throws UnknownHostException when there are none, or not in time
   */
  List<InetAddress> resolve(String host, Duration limit) throws UnknownHostException {
    Known before = known.get(host);
    if (before != null && nanos.getAsLong() - before.until() < 0) {
      return before.addresses();
    }
    List<InetAddress> found = ask(host, limit).stream().limit(MOST_ADDRESSES).toList();
    if (found.isEmpty()) {
      throw new UnknownHostException("no address for " + host);
    }
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(host, new Known(found, nanos.getAsLong() + FRESH_NANOS));
    return found;
  }

  private List<InetAddress> ask(String host, Duration limit) throws UnknownHostException {
    try {
      return List.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException aName) {
      return lookUp(host, limit);
    }
  }

  private List<InetAddress> lookUp(String host, Duration limit) throws UnknownHostException {
    try {
      return List.of(asked(host).get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException unknown) {
      throw new UnknownHostException("no address for " + host);
    } catch (TimeoutException | RejectedExecutionException late) {
      throw new UnknownHostException("no address for " + host + " in time");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException("interrupted");
    }
  }

  /** Whoever asks for a name that is being looked up waits for the same answer. */
  private Future<InetAddress[]> asked(String host) {
    FutureTask<InetAddress[]> fresh =
        new FutureTask<>(
            () -> {
              try {
                return lookup.of(host);
              } finally {
                asking.remove(host);
              }
            });
    FutureTask<InetAddress[]> before = asking.putIfAbsent(host, fresh);
    if (before != null) {
      return before;
    }
    try {
      threads.execute(fresh);
    } catch (RejectedExecutionException full) {
      asking.remove(host, fresh);
      throw full;
    }
    return fresh;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
