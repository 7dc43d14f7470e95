package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an exchange waits on its call. Progress and log messages go on to the client meanwhile; what
 * decides something comes back as a {@link Turn}. Immutable and thread-safe.
 *
 * @param quiet how long a call may go without an answer or progress (CN-06)
 * @param longest how long it may take however much progress it makes
 */
public record Watch(Duration quiet, Duration longest) {

  /** What ended the wait. */
  public sealed interface Turn {
    record Answered(Message.Reply reply) implements Turn {}

    record Asked() implements Turn {}

    record Broken(Breakdown breakdown, boolean passedOn) implements Turn {}

    record Cancelled() implements Turn {}

    record TimedOut() implements Turn {}
  }

  /** By when a call that begins, or goes on, now has to be over, by {@link System#nanoTime}. */
  public long end() {
    return System.nanoTime() + longest.toNanos();
  }

  /** Waits for what decides the call, or for its time to run out. */
  public Turn await(Exchange exchange, Call call, long end) {
    return await(exchange, call, end, quiet.toNanos());
  }

  /** Waits until then only; {@link Turn.TimedOut} when it was uneventful. */
  public Turn awaitUntil(long end, Exchange exchange, Call call) {
    return await(exchange, call, end, Long.MAX_VALUE);
  }

  private Turn await(Exchange exchange, Call call, long end, long quietNanos) {
    try (Cancellation.Registration _ =
        exchange.cancellation().onCancel(() -> call.put(new Mail.Cancelled()))) {
      long since = System.nanoTime();
      while (true) {
        long now = System.nanoTime();
        Optional<Mail> mail = next(call, end - now, quietNanos - (now - since));
        if (mail.isEmpty()) {
          return new Turn.TimedOut();
        }
        switch (mail.get()) {
          case Mail.Notified notified -> {
            if (pass(exchange, call, notified.notification())) {
              since = System.nanoTime();
            }
          }
          case Mail.Asked asked -> {
            return new Turn.Asked();
          }
          case Mail.Answered answered -> {
            return new Turn.Answered(answered.reply());
          }
          case Mail.Broken(Breakdown breakdown) -> {
            return new Turn.Broken(breakdown, call.hasPassedOn());
          }
          case Mail.Cancelled cancelled -> {
            return new Turn.Cancelled();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Turn.Cancelled();
    }
  }

  /**
   * Time that is up is looked at first, or a server that talks faster than the client reads would
   * never run out of it. An answer that is there already counts all the same; and what breaks the
   * quiet does too, when only the quiet was too long.
   */
  private static Optional<Mail> next(Call call, long left, long quietLeft)
      throws InterruptedException {
    if (left <= 0) {
      return call.now(Mail::ends);
    }
    return quietLeft <= 0
        ? call.now(mail -> mail.ends() || breaksQuiet(mail, call))
        : call.next(Math.min(left, quietLeft));
  }

  private static boolean breaksQuiet(Mail mail, Call call) {
    return mail instanceof Mail.Asked
        || (mail instanceof Mail.Notified(Message.Notification told)
            && Method.PROGRESS.is(told.method())
            && number(told.params()).stream().anyMatch(call::wouldAdvanceTo));
  }

  /** Whether it was progress. */
  private static boolean pass(Exchange exchange, Call call, Message.Notification notification) {
    if (Method.LOG_MESSAGE.is(notification.method())) {
      passLog(exchange, call, notification);
      return false;
    }
    if (!Method.PROGRESS.is(notification.method())) {
      call.passOn();
      exchange.notify(notification);
      return false;
    }
    OptionalDouble progress = number(notification.params());
    if (progress.isEmpty() || !call.advancesTo(progress.getAsDouble())) {
      call.count(Fault.PROGRESS_BACKWARDS);
      return false;
    }
    // The client's own token, of its own type, goes back (PR-01).
    Optional<Json> token = exchange.progressToken();
    if (token.isPresent()) {
      JsonObject params = notification.params().with("progressToken", token.get());
      call.passOn();
      exchange.notify(new Message.Notification(notification.method(), params));
    }
    return true;
  }

  private static OptionalDouble number(JsonObject params) {
    Optional<Json> progress =
        params.get("progress").filter(value -> value.kind() == Json.Kind.NUMBER);
    return progress.isPresent()
        ? OptionalDouble.of(Double.parseDouble(progress.get().text()))
        : OptionalDouble.empty();
  }

  /** Only what the request asked for, and no less severe (FE-16). */
  private static void passLog(Exchange exchange, Call call, Message.Notification notification) {
    Optional<LogLevel> wanted = exchange.client().logLevel();
    Optional<LogLevel> level = LogLevel.of(notification);
    if (wanted.isPresent() && level.isPresent() && level.get().isAtLeast(wanted.get())) {
      call.passOn();
      exchange.notify(notification);
    }
  }
}
