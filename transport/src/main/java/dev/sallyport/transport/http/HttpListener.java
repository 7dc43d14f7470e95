package dev.sallyport.transport.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listening socket and everything that came in through it. Thread-safe. */
public final class HttpListener implements AutoCloseable {
  /** For services to notice that the peers are gone. */
  private static final Duration AFTERMATH = Duration.ofSeconds(2);

  private final Optional<HttpEngine> own;
  private final InetSocketAddress address;
  private final List<Acceptor> acceptors;
  private final Serving serving;
  private final Load load;
  private final HttpEngine.Claim claim;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Optional<Certified> certified;

  private HttpListener(
      Optional<HttpEngine> own,
      InetSocketAddress address,
      List<Acceptor> acceptors,
      Serving serving,
      Load load,
      HttpEngine.Claim claim,
      Optional<Certified> certified) {
    this.own = own;
    this.address = address;
    this.acceptors = acceptors;
    this.serving = serving;
    this.load = load;
    this.claim = claim;
    this.certified = certified;
  }

  /**
   * Starts to listen.
   *
   * @throws ListenException when that cannot be, with a message for the person who asked for it
   */
  public static HttpListener open(ListenOptions options, HttpHandler service)
      throws ListenException {
    HttpEngine engine = HttpEngine.begin();
    return open(engine, Optional.of(engine), options, service, threads());
  }

  /**
   * Starts to listen with an engine that was begun earlier, and that others may use too. Whoever
   * began it closes it, after this.
   *
   * @throws ListenException as above
   */
  public static HttpListener open(HttpEngine engine, ListenOptions options, HttpHandler service)
      throws ListenException {
    return open(engine, Optional.empty(), options, service, threads());
  }

  private static ThreadFactory threads() {
    return Thread.ofVirtual().name("http-", 0).factory();
  }

  /**
   * @param own is closed with the listener
   */
  static HttpListener open(
      HttpEngine engine,
      Optional<HttpEngine> own,
      ListenOptions options,
      HttpHandler service,
      ThreadFactory threads)
      throws ListenException {
    List<Acceptor> acceptors = new ArrayList<>();
    Optional<HttpEngine.Claim> claim = Optional.empty();
    boolean open = false;
    try {
      Vertx vertx = engine.vertx();
      InetAddress host = resolve(options.host());
      claim = Optional.of(engine.claim(new InetSocketAddress(host, options.port())));
      Load load = new Load(options);
      Serving serving = new Serving(service, load, threads);
      InstantSource clock = InstantSource.system();
      Optional<Certified> certified = Optional.empty();
      if (options.tls().isPresent()) {
        certified = Optional.of(Certified.load(options.tls().get(), vertx, clock));
      }
      DateField date = new DateField(clock);
      Reception.Hall hall = new Reception.Hall(vertx, options, serving, load, date);
      for (int i = 0; i < engine.loops(); i++) {
        // One acceptor a loop; they share one socket.
        Acceptor acceptor = new Acceptor(hall, host, claim.get().port());
        acceptor.prepare(certified.map(Certified::identity));
        deploy(vertx, acceptor);
        acceptors.add(acceptor);
      }
      open = true;
      InetSocketAddress address = new InetSocketAddress(host, acceptors.getFirst().port());
      return new HttpListener(
          own, address, List.copyOf(acceptors), serving, load, claim.get(), certified);
    } finally {
      if (!open) {
        HttpEngine.settle("close", shutdown(acceptors, Duration.ZERO), HttpEngine.PROMPT);
        claim.ifPresent(some -> some.release().run());
        own.ifPresent(HttpEngine::close);
      }
    }
  }

  private static Future<?> shutdown(List<Acceptor> acceptors, Duration limit) {
    return Future.join(acceptors.stream().map(a -> a.shutdown(limit)).toList());
  }

  private static InetAddress resolve(String host) throws ListenException {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException unknown) {
      throw new ListenException(
          ListenException.Fault.ADDRESS, "there is no host called " + host, unknown);
    }
  }

  private static void deploy(Vertx vertx, Acceptor acceptor) throws ListenException {
    Optional<AsyncResult<String>> result =
        HttpEngine.settle("listen", vertx.deployVerticle(acceptor), HttpEngine.PROMPT);
    if (result.isEmpty()) {
      throw new ListenException(
          ListenException.Fault.ADDRESS, "could not listen on " + acceptor.where() + " in time");
    }
    if (result.get().failed()) {
      throw acceptor.explain(result.get().cause());
    }
  }

  /** Where it listens: with the port that was picked when port 0 was asked for. */
  public InetSocketAddress address() {
    return address;
  }

  /** What new connections are shown; nothing without TLS. */
  public Optional<ListenerCertificate> certificate() {
    return certified.map(Certified::certificate);
  }

  /**
   * Reads the certificate and its key again. Connections from now on are shown what they hold;
   * those that are open go on. When they cannot be used, have expired or are not valid yet, nothing
   * changes. One at a time.
   */
  public CertificateRenewal renew() {
    List<Certified.Loop> loops = acceptors.stream().<Certified.Loop>map(a -> a::show).toList();
    return certified.map(own -> own.renew(loops)).orElseGet(CertificateRenewal.Same::new);
  }

  /**
   * Stops in good order: for a while takes requests, but asks peers to come by another connection
   * next time, with {@code Connection: close} or {@code GOAWAY}, so that none is closed under a
   * request; then accepts nothing more, tells open streams to end ({@link HttpCall#draining}), lets
   * answers finish until the limit, and closes. Blocks until closed.
   *
   * @param delay of that while, in which whoever leads clients here notices that it ends
   * @param cutOff cancels what is left at the limit, which then has a moment to say so
   */
  public void drain(Duration delay, Duration limit, Runnable cutOff) {
    serving.leave();
    if (!delay.isZero()) {
      acceptors.forEach(Acceptor::leave);
    }
    if (isClosedWithin(delay)) {
      return;
    }
    Duration longest = limit.plus(AFTERMATH);
    serving.drain();
    Future<?> shutdown = Future.join(acceptors.stream().map(a -> a.drain(longest)).toList());
    try {
      if (!load.settled(limit)) {
        cutOff.run();
      }
      HttpEngine.settle("drain", shutdown, AFTERMATH);
    } finally {
      close();
    }
  }

  /** The same at once, for a listener that nobody leads clients to. */
  public void drain(Duration limit, Runnable cutOff) {
    drain(Duration.ZERO, limit, cutOff);
  }

  private boolean isClosedWithin(Duration delay) {
    try {
      return closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return closing.get();
    }
  }

  /** Stops at once; whoever is still being served is cut off. Blocks until closed. */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      HttpEngine.settle("close", shutdown(acceptors, Duration.ZERO), HttpEngine.PROMPT);
      // The loops must outlive the threads that may still want to write.
      serving.await(AFTERMATH);
      claim.release().run();
      own.ifPresent(HttpEngine::close);
      closed.countDown();
    }
  }

  Load load() {
    return load;
  }
}
