package dev.sallyport.upstream.http;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.OutboundCall;
import dev.sallyport.transport.outbound.OutboundFault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The stream on which a server says what is about no call (CL-05): one thread reads it for as long
 * as the session lasts, and opens it again when it ends. A server need not have one.
 */
final class SessionStream {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofSeconds(5);
  private static final int MOST_DOUBLINGS = 10;

  private final HttpTraffic traffic;
  private final Supplier<HttpFields> fields;
  private final Runnable sessionOver;
  private final CountDownLatch closed = new CountDownLatch(1);
  private Optional<String> lastEventId = Optional.empty();
  private Duration pause = FIRST_PAUSE;
  private int inVain;
  private boolean opened;
  private boolean brought;
  private volatile Optional<Answer> current = Optional.empty();

  /** How one stream ended. */
  private enum End {
    /** The server has none, or none for us. */
    NEVER,
    /** There is no such session any more. */
    SESSION_OVER,
    /** It was open, and may be opened again. */
    CLOSED,
    /** It could not be opened just now. */
    FAILED
  }

  /**
   * @param fields that each request of the session has
   */
  SessionStream(HttpTraffic traffic, Supplier<HttpFields> fields, Runnable sessionOver) {
    this.traffic = traffic;
    this.fields = fields;
    this.sessionOver = sessionOver;
  }

  void start() {
    Thread.ofVirtual().name("sallyport-session-stream").start(this::run);
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        switch (readOne()) {
          case NEVER -> {
            return;
          }
          case SESSION_OVER -> {
            sessionOver.run();
            return;
          }
          case CLOSED -> {
            // Without an id to go on from nobody knows what was missed meanwhile.
            if (lastEventId.isEmpty()) {
              traffic.inbound().ifPresent(inbound -> inbound.onGap());
            }
          }
          case FAILED -> {}
        }
        if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private End readOne() throws InterruptedException {
    HttpFields all =
        lastEventId.map(id -> fields.get().with("Last-Event-ID", id)).orElseGet(fields);
    long since = System.nanoTime();
    OutboundCall call = traffic.server().client().start(traffic.server().get(all), () -> {});
    try (Answer answer = traffic.answer(call, head -> opened = true)) {
      current = Optional.of(answer);
      if (closed.getCount() == 0) {
        return End.NEVER;
      }
      brought = false;
      End end = read(answer);
      lastEventId = answer.lastEventId().or(() -> lastEventId);
      boolean worthIt = brought || System.nanoTime() - since > STEADY.toNanos();
      inVain = end == End.CLOSED && worthIt ? 0 : Math.min(inVain + 1, MOST_DOUBLINGS);
      pause = pause(answer);
      return end;
    }
  }

  /** A server that ends its streams as soon as they are open is not asked over and over. */
  private Duration pause(Answer answer) {
    Duration named =
        answer.retryMillis().isPresent()
            ? Resumption.named(answer.retryMillis().getAsLong())
            : FIRST_PAUSE;
    return bounded(bounded(named).multipliedBy(1L << Math.max(0, inVain - 1)));
  }

  private End read(Answer answer) throws InterruptedException {
    boolean open = false;
    while (true) {
      switch (answer.next(Long.MAX_VALUE)) {
        case Answer.Piece.Nothing _ -> {}
        case Answer.Piece.Text text -> {
          open = true;
          brought |= text.utf8().length > 0;
          traffic.route(text, Optional.empty());
        }
        case Answer.Piece.Over _ -> {
          return End.CLOSED;
        }
        case Answer.Piece.Refused refused -> {
          return judge(refused.status());
        }
        case Answer.Piece.Broken(OutboundFault fault) -> {
          return open || fault.mayHaveArrived() ? End.CLOSED : End.FAILED;
        }
        case Answer.Piece.TooLarge _ -> {
          return End.CLOSED;
        }
      }
    }
  }

  /** A server without such a stream may say 404 too; one that had it means the session (CL-03). */
  private End judge(int status) {
    return switch (status) {
      case 404 -> opened ? End.SESSION_OVER : End.NEVER;
      case 408, 429, 500, 502, 503, 504 -> End.FAILED;
      case 405 -> End.NEVER;
      default -> opened ? End.FAILED : End.NEVER; // 409: it still has the one that broke
    };
  }

  private static Duration bounded(Duration pause) {
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Ends it for good. */
  void close() {
    closed.countDown();
    current.ifPresent(Answer::close);
  }
}
