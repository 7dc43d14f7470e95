package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.Progress;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request of a legacy client while it is carried out: asked of the handler again and again
 * until no question is left (mcp-reference 2.3). Owned by the thread that runs it; {@link #cancel}
 * and {@link #end} may come from others.
 */
final class CallInProgress {
  private static final long FIRST_PAUSE_MILLIS = 50;

  private final Message.Request request;
  private final Claims claims;
  private final ProtocolVersion version;
  private final Sink sink;
  private final Progress progress;
  private final Cancellation cancellation = new Cancellation();
  private volatile boolean cancelledByClient;
  private volatile boolean over;

  CallInProgress(Message.Request request, Claims claims, ProtocolVersion version, Sink sink) {
    this.request = request;
    this.claims = claims;
    this.version = version;
    this.sink = sink;
    this.progress = new Progress(Meta.progressToken(request.params()));
  }

  /** The client wants no answer any more (LH-22). */
  void cancel() {
    cancelledByClient = true;
    cancellation.cancel();
  }

  /** The session ends: the client still gets an answer, if only an error. */
  void end() {
    cancellation.cancel();
  }

  /** Of the credential that it came with. */
  Claims claims() {
    return claims;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /**
   * Takes what the handler sends before the outcome; nothing after it (PR-02).
   *
   * @param logLevel what the client asked for; a client that asked for nothing gets what the server
   *     thinks fit
   */
  ClientChannel channel(Optional<LogLevel> logLevel) {
    return new ClientChannel() {
      @Override
      public void notify(Message.Notification notification) {
        if (!over && isWanted(notification, logLevel)) {
          NotificationForms.ofCall(notification, version).ifPresent(sink::send);
        }
      }

      @Override
      public void closeStream() {
        if (!over) {
          sink.closeStream();
        }
      }
    };
  }

  private boolean isWanted(Message.Notification notification, Optional<LogLevel> logLevel) {
    if (Method.PROGRESS.is(notification.method())) {
      return progress.lets(notification);
    }
    return !Method.LOG_MESSAGE.is(notification.method())
        || logLevel.isEmpty()
        || LogLevel.of(notification).filter(level -> level.isAtLeast(logLevel.get())).isPresent();
  }

  Ending run(Handler handler, Exchange first, Asking asking, int mostRounds) {
    Exchange exchange = first;
    for (int round = 0; ; round++) {
      Outcome outcome = handler.handle(exchange);
      if (!(outcome instanceof Outcome.InputRequired asked)) {
        return ending(outcome);
      }
      if (!mayAsk() || round == mostRounds) {
        return abandoned(RpcError.internal("The server asked where or when it may not")); // MR-02
      }
      switch (answer(asked, asking, round)) {
        case Asking.Round.Answered(var answers, var declined) ->
            exchange = exchange.continued(new Continuation(answers, asked.handle(), declined));
        case Asking.Round.Failed(var error) -> {
          return abandoned(error);
        }
        case Asking.Round.Withdrawn _ -> {
          return givenUp();
        }
      }
    }
  }

  private Ending ending(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Complete(var result) -> completed(result);
      case Outcome.Failed(var error) -> failed(error);
      case Outcome.Refused(var refusal) -> finish(new Ending.Refused(request.id(), refusal));
      case Outcome.InputRequired _, Outcome.Cancelled _ -> givenUp();
    };
  }

  private Ending givenUp() {
    return failed(RpcError.internal("The request was given up"));
  }

  private boolean mayAsk() {
    return Method.of(request.method()).filter(Method::mayAsk).isPresent();
  }

  private Asking.Round answer(Outcome.InputRequired asked, Asking asking, int round) {
    if (!asked.questions().isEmpty()) {
      return asking.ask(asked, sink, cancellation);
    }
    // A handle alone means "come again": the server sheds load, so not at once (2.3.6).
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Cancellation.Registration _ = cancellation.onCancel(cancelled::countDown)) {
      return cancelled.await(FIRST_PAUSE_MILLIS << Math.min(round, 10), TimeUnit.MILLISECONDS)
          ? new Asking.Round.Withdrawn()
          : new Asking.Round.Answered(JsonObject.EMPTY, Map.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Asking.Round.Withdrawn();
    }
  }

  private Ending completed(JsonObject result) {
    Optional<JsonObject> shown = ResultForms.toClient(result, request.method(), version);
    return shown.isPresent()
        ? finish(new Ending.Replied(new Message.Result(request.id(), shown.get())))
        : failed(RpcError.internal("The server gave a result of a kind this version has not"));
  }

  /** The handler holds something for a continuation that will not come; let it know. */
  private Ending abandoned(RpcError error) {
    Ending ending = failed(error);
    cancellation.cancel();
    return ending;
  }

  Ending failed(RpcError error) {
    return finish(
        new Ending.Replied(
            new Message.Failure(
                Optional.of(request.id()), ErrorForms.toClient(error, request.method(), version))));
  }

  private Ending finish(Ending ending) {
    over = true;
    return cancelledByClient ? new Ending.Silent() : ending;
  }
}
