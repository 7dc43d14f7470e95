package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Admission;
import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Workers;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A session over HTTP+SSE: a pipe whose one half is an event stream and whose other half is posts.
 * Nothing waits here for a stream that is slow but the threads that have something to say on it.
 * Thread-safe.
 */
final class SseSession implements LiveSession, PipeEnd {
  /**
   * Messages being taken in at a time. That takes a moment, unless one is to be answered on the
   * spot and the client reads nothing.
   */
  private static final int MOST_TAKEN_IN = 16;

  private static final Duration TURN = Duration.ofSeconds(1);

  /** How soon a stream that may end once all is said notices that nobody is there to hear it. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final ClientCall call;
  private final Admission requests;
  private final Workers workers;
  private final LegacyPipe pipe;
  private final Semaphore turns = new Semaphore(MOST_TAKEN_IN);
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile boolean over;
  private volatile boolean unreachable;
  private volatile Optional<EventStream> stream = Optional.empty();
  private volatile Optional<LegacySession> session = Optional.empty();
  private volatile Runnable whenLost = () -> {};

  /**
   * @param call opens the stream; its credential is that of whatever is said on it
   */
  SseSession(ClientCall call, Handshake handshake, Admission requests, EndpointOptions options) {
    this.call = call;
    this.requests = requests;
    this.workers = new Workers("sse-request", options.calls().perCaller());
    this.pipe = new LegacyPipe(handshake, call.caller(), this, options.sessions().batch());
  }

  // ---- what the client does

  /**
   * Carries the stream for as long as there is anything to say on it and somebody to hear it.
   *
   * @param uri where the client is to post to
   */
  void carry(String uri) {
    call.stands();
    EventStream events = call.stream(HttpFields.empty());
    stream = Optional.of(events);
    try (var _ = call.disconnected().onCancel(this::lose);
        var _ = call.withdrawn().onCancel(this::lose);
        var _ = call.draining().onCancel(ending::countDown)) {
      events.send(EventStream.Event.of("endpoint", uri.getBytes(StandardCharsets.US_ASCII)));
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      ending.await();
      while (!unreachable && !workers.awaitIdle(LOOK)) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nobody hears what is said from now on. */
  private void lose() {
    unreachable = true;
    ending.countDown();
  }

  /**
   * Takes a message in; a request is carried out by another thread.
   *
   * @param claims of the credential that it was posted with
   * @return false when earlier ones must be answered first and the client does not read
   */
  boolean take(Reading reading, Claims claims) {
    try {
      if (!turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      pipe.receive(reading, claims);
      return true;
    } finally {
      turns.release();
    }
  }

  // ---- our end of the pipe

  @Override
  public boolean send(Message message) {
    return send(message.toBytes());
  }

  /** Says nothing once the credential that the stream came with opens nothing (T11, T12). */
  @Override
  public boolean send(byte[] json) {
    Optional<EventStream> open = stream;
    return open.isPresent()
        && call.isStillKnown()
        && open.get().send(EventStream.Event.of("message", json));
  }

  /**
   * A caller who has too much in progress is told so on the stream, as of any other error: clients
   * of that time give the session up when a post fails.
   */
  @Override
  public Optional<RpcError> start(Supplier<Runnable> prepare, Runnable broken) {
    return switch (requests.enterSoon(call.caller())) {
      case Admission.Entry.Full(var refusal) -> Optional.of(refusal.error());
      case Admission.Entry.Place place -> start(place, prepare, broken);
    };
  }

  private Optional<RpcError> start(
      Admission.Entry.Place place, Supplier<Runnable> prepare, Runnable broken) {
    boolean started =
        workers.start(
            () -> {
              Runnable work = prepare.get();
              return () -> {
                try (place) {
                  work.run();
                }
              };
            },
            broken);
    if (!started) {
      place.close();
    }
    return started ? Optional.empty() : Optional.of(LegacyPipe.BUSY);
  }

  @Override
  public void opened(LegacySession fresh) {
    session = Optional.of(fresh);
    fresh.onEnd(whenLost);
  }

  // ---- its life

  @Override
  public Caller caller() {
    return call.caller();
  }

  @Override
  public boolean isOver() {
    return over || session.filter(LegacySession::isOver).isPresent();
  }

  @Override
  public void onEnd(Runnable action) {
    whenLost = action;
  }

  /** It is in use for as long as there is a stream, so never idle. */
  @Override
  public boolean isIdleSince(Instant then) {
    return false;
  }

  @Override
  public Instant lastUsed() {
    return Instant.MAX;
  }

  @Override
  public void touch() {}

  /** Nothing is kept. */
  @Override
  public void forgetStale(Instant now) {}

  /** Cancels what is being carried out; the stream ends once that has been answered. */
  @Override
  public void close() {
    over = true;
    pipe.close();
    ending.countDown();
  }
}
