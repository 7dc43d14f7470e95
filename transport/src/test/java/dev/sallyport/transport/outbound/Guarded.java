package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.Identity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A guarded fetch under test, in a world where 127.0.0.1 is everybody's, 127.0.0.2 is nobody's, and
 * names mean what a test says. Closing it checks that no connection is left.
 */
final class Guarded implements AutoCloseable {
  private final HttpEngine engine = HttpEngine.begin();
  private final AtomicLong ahead = new AtomicLong();
  private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final GuardedFetch fetch;

  Guarded(Path authority, int port) throws Exception {
    this(authority, Set.of(port), options -> options);
  }

  Guarded(Path authority, Set<Integer> ports, UnaryOperator<GuardOptions> change) throws Exception {
    GuardOptions options =
        GuardOptions.DEFAULT
            .withAddresses(AddressRule.PUBLIC.allowing("127.0.0.1"))
            .withPorts(ports)
            .withTls(OutboundTls.load(engine, Optional.of(authority), Optional.empty()));
    fetch =
        GuardedFetch.open(
            engine, change.apply(options), this::lookUp, () -> System.nanoTime() + ahead.get());
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    asked.add(host);
    List<InetAddress> known = names.get(host);
    if (known == null) {
      throw new UnknownHostException(host);
    }
    return known.toArray(InetAddress[]::new);
  }

  Guarded named(String host, String... addresses) {
    names.put(host, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    return this;
  }

  void putForward(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  List<String> asked() {
    return List.copyOf(asked);
  }

  GuardedFetch fetch() {
    return fetch;
  }

  FetchOutcome get(String url) throws InterruptedException {
    return get(url, FetchBounds.DEFAULT);
  }

  FetchOutcome get(String url, FetchBounds bounds) throws InterruptedException {
    return fetch.get(HttpUrl.of(url).orElseThrow(), HttpFields.empty(), bounds);
  }

  FetchOutcome.Document document(String url) throws InterruptedException {
    FetchOutcome outcome = get(url);
    assertThat(outcome).isInstanceOf(FetchOutcome.Document.class);
    return (FetchOutcome.Document) outcome;
  }

  FetchOutcome.Refused refused(String url) throws InterruptedException {
    return refused(url, FetchBounds.DEFAULT);
  }

  FetchOutcome.Refused refused(String url, FetchBounds bounds) throws InterruptedException {
    FetchOutcome outcome = get(url, bounds);
    assertThat(outcome).isInstanceOf(FetchOutcome.Refused.class);
    return (FetchOutcome.Refused) outcome;
  }

  /** A server that others can reach: every name of {@code *.example} is its certificate's. */
  static Peer peer(Identity identity, Peer.Script script) throws Exception {
    return Peer.secure(identity.serving(identity), socket -> {}, script);
  }

  /** What requests said, answered one after the other as given; the last answer again and again. */
  static Peer.Script script(List<String> seen, String... answers) {
    List<String> left = new ArrayList<>(List.of(answers));
    return line -> {
      for (String next = line.request(); !next.isEmpty(); next = line.request()) {
        seen.add(next);
        line.send(left.size() > 1 ? left.removeFirst() : left.getFirst());
      }
    };
  }

  @Override
  public void close() {
    fetch.close();
    long end = System.nanoTime() + Peer.PATIENCE.toNanos();
    while (fetch.connections() > 0 && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(fetch.connections()).as("connections").isZero();
    engine.close();
  }
}
