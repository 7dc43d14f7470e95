package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.FetchOutcome.Document;
import dev.sallyport.transport.outbound.FetchOutcome.Reason;
import dev.sallyport.transport.outbound.FetchOutcome.Refused;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Fetches small documents whose URLs come from peers, or from what peers point to (OC-20, GW-14,
 * AS-04): the one way out for all of them. Each URL, each address that is dialled and each redirect
 * is judged; time, size and number are bounded. Has connections and a resolver of its own, so that
 * what peers name holds up nothing else. Thread-safe.
 *
 * <pre>{@code
 * switch (fetch.get(url, HttpFields.empty().with("Accept", "application/json"), FetchBounds.DEFAULT)) {
 *   case Document document -> ...
 *   case Refused refused -> log(refused.detail()); tellPeer(Refused.PUBLIC_TEXT);
 * }
 * }</pre>
 */
public final class GuardedFetch implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final UrlRule rule;
  private final OutboundClient client;
  private final Semaphore places;
  private final Semaphore turns;
  private final FetchPace pace;
  private final LongSupplier nanos;

  private GuardedFetch(
      GuardOptions options, UrlRule rule, OutboundClient client, LongSupplier nanos) {
    this.rule = rule;
    this.client = client;
    this.nanos = nanos;
    places = new Semaphore(options.atOnce() + options.waiting());
    turns = new Semaphore(options.atOnce());
    pace = new FetchPace(options.aMinute(), nanos);
  }

  /** On the loops of an engine, which is closed after this. Blocks until they are there. */
  public static GuardedFetch open(HttpEngine engine, GuardOptions options) {
    return open(engine, options, InetAddress::getAllByName, System::nanoTime);
  }

  static GuardedFetch open(
      HttpEngine engine, GuardOptions options, Resolver.Lookup lookup, LongSupplier nanos) {
    OutboundOptions http =
        OutboundOptions.DEFAULT
            .withConnections(options.atOnce(), options.waiting())
            .withConnect(FetchBounds.DEFAULT.whole())
            .withTls(options.tls());
    UrlRule rule = new UrlRule(options.addresses(), options.ports());
    OutboundClient client =
        OutboundClient.open(
            engine, options.guard().map(http::withProxy).orElse(http), lookup, nanos, rule);
    return new GuardedFetch(options, rule, client, nanos);
  }

  /** Follows redirects, within bounds. Blocks. */
  public FetchOutcome get(HttpUrl url, HttpFields fields, FetchBounds bounds)
      throws InterruptedException {
    return fetch(OutboundRequest.get(url, fields), bounds);
  }

  /** A redirect is a refusal: what is posted is for one place. Blocks. */
  public FetchOutcome post(HttpUrl url, HttpFields fields, byte[] body, FetchBounds bounds)
      throws InterruptedException {
    return fetch(OutboundRequest.post(url, fields, body), bounds.withRedirects(0));
  }

  private FetchOutcome fetch(OutboundRequest request, FetchBounds bounds)
      throws InterruptedException {
    Optional<String> refusal = rule.refusal(request.url());
    if (refusal.isPresent()) {
      return new Refused(Reason.URL, refusal.get());
    }
    if (!places.tryAcquire()) {
      return new Refused(Reason.BUSY, "too many fetches wait for their turn");
    }
    try {
      long end = nanos.getAsLong() + bounds.whole().toNanos();
      if (!turns.tryAcquire(bounds.whole().toNanos(), TimeUnit.NANOSECONDS)) {
        return new Refused(Reason.BUSY, "too many fetches are in progress");
      }
      try {
        return follow(request, bounds, end);
      } finally {
        turns.release();
      }
    } finally {
      places.release();
    }
  }

  private FetchOutcome follow(OutboundRequest first, FetchBounds bounds, long end)
      throws InterruptedException {
    OutboundRequest request = first;
    for (int followed = 0; ; followed++) {
      FetchOutcome outcome = once(request, bounds, end);
      if (!(outcome instanceof Document answer) || !REDIRECTS.contains(answer.status())) {
        return outcome;
      }
      Optional<HttpUrl> next = answer.fields().first("Location").flatMap(request.url()::resolve);
      if (next.isEmpty() || followed == bounds.redirects()) {
        return new Refused(
            Reason.REDIRECT, request.url().origin() + " redirects too often, or to nowhere");
      }
      Optional<String> refusal = rule.refusal(request.url(), next.get());
      if (refusal.isPresent()) {
        return new Refused(
            Reason.REDIRECT, "redirected by " + request.url().origin() + ": " + refusal.get());
      }
      request = redirected(request, next.get());
    }
  }

  /** Across origins nothing is said but what is wanted: a field may be a credential (CH-29). */
  private static OutboundRequest redirected(OutboundRequest request, HttpUrl next) {
    HttpFields fields =
        next.hasOriginOf(request.url())
            ? request.fields()
            : request
                .fields()
                .first("Accept")
                .map(accept -> HttpFields.empty().with("Accept", accept))
                .orElse(HttpFields.empty());
    return OutboundRequest.get(next, fields);
  }

  private FetchOutcome once(OutboundRequest request, FetchBounds bounds, long end)
      throws InterruptedException {
    if (!pace.take()) {
      return new Refused(Reason.BUSY, "too many fetches in a minute");
    }
    Duration left = Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    // Closed whatever came, so that a peer cannot make us read on.
    try (OutboundCall call = client.start(request, left, () -> {})) {
      return read(request.url(), call, bounds.mostBytes(), end);
    }
  }

  private FetchOutcome read(HttpUrl url, OutboundCall call, int mostBytes, long end)
      throws InterruptedException {
    Optional<Arrival.Head> head = Optional.empty();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Optional<Arrival> next = call.take(Math.max(0, end - nanos.getAsLong()));
      if (next.isEmpty()) {
        return new Refused(Reason.TOO_SLOW, url.origin() + " did not answer in time");
      }
      switch (next.get()) {
        case Arrival.Head came -> {
          if (REDIRECTS.contains(came.status())) {
            return new Document(url, came.status(), came.fields(), new byte[0]);
          }
          head = Optional.of(came);
        }
        case Arrival.Bytes(byte[] bytes) -> {
          if (body.size() + (long) bytes.length > mostBytes) {
            return new Refused(Reason.TOO_LARGE, url.origin() + " answers with too much");
          }
          body.writeBytes(bytes);
        }
        case Arrival.End _ -> {
          Arrival.Head answered = head.orElseThrow();
          return new Document(url, answered.status(), answered.fields(), body.toByteArray());
        }
        case Arrival.Failed(OutboundFault fault) -> {
          return refused(url, fault);
        }
      }
    }
  }

  private static Refused refused(HttpUrl url, OutboundFault fault) {
    Reason reason =
        switch (fault.kind()) {
          case FORBIDDEN -> Reason.ADDRESS;
          case TIMED_OUT -> Reason.TOO_SLOW;
          case BUSY -> Reason.BUSY;
          case UNRESOLVED, UNREACHABLE, PROXY, TLS, BROKEN, MALFORMED, CLOSED -> Reason.UNREACHED;
        };
    return new Refused(reason, url.origin() + ": " + fault.detail());
  }

  int connections() {
    return client.connections();
  }

  /** Ends its connections; fetches in progress fail. */
  @Override
  public void close() {
    client.close();
  }
}
