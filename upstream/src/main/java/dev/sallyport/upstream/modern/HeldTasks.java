package dev.sallyport.upstream.modern;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Carried;
import dev.sallyport.upstream.wire.UpstreamErrors;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tools that only work as a task, for clients that take no tasks (2.6, 4-T52): the call is held,
 * the task is asked for as often as the server likes, and its end is the call's. A client that
 * leaves cancels the task. What the task wants to know is asked like anything else; the handle that
 * comes back then names the task. Thread-safe.
 */
final class HeldTasks {
  /** Begins a handle that names a task and what of it has been asked. */
  private static final String TASK = "t";

  private static final char SEPARATOR = '\n';
  private static final JsonObject WORKING = JsonObject.of("status", Json.of("working"));

  /** Times in a row that a server may say nothing of a task before it is given up. */
  private static final int MOST_UNTOLD = 5;

  private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Wire wire;
  private final Relay relay;
  private final ModernOptions options;

  HeldTasks(Wire wire, Relay relay, ModernOptions options) {
    this.wire = wire;
    this.relay = relay;
    this.options = options;
  }

  Carried carryOut(Exchange exchange) {
    Optional<Continuation> continuation = exchange.continuation();
    Optional<String> task =
        continuation.flatMap(Continuation::handle).filter(handle -> handle.startsWith(TASK));
    if (task.isPresent()) {
      return new Carried.Done(goOn(task.get(), continuation.get(), exchange));
    }
    Carried carried = relay.carryOut(exchange);
    // Only then: to declare it always would turn quick calls into tasks that have to be asked for.
    return carried.outcome() instanceof Outcome.Failed(RpcError error)
            && Tasks.areWantedBy(error)
            && !Tasks.areTakenBy(exchange.client())
        ? hold(exchange)
        : carried;
  }

  private Carried hold(Exchange exchange) {
    Exchange declaring = exchange.withClient(declaring(exchange.client()));
    Carried carried = relay.carryOut(declaring);
    return carried.outcome() instanceof Outcome.Complete(JsonObject result)
            && Tasks.created(result).isPresent()
        ? new Carried.Done(
            new Held(Tasks.created(result).get(), Set.of(), declaring).follow(result))
        : carried;
  }

  private static ClientContext declaring(ClientContext client) {
    return new ClientContext(
        client.version(), Tasks.addedTo(client.capabilities()), client.info(), client.logLevel());
  }

  private Outcome goOn(String handle, Continuation given, Exchange exchange) {
    List<String> parts = List.of(handle.substring(1).split(String.valueOf(SEPARATOR), -1));
    Held held =
        new Held(
            parts.getFirst(),
            Set.copyOf(parts.subList(1, parts.size())),
            exchange.withClient(declaring(exchange.client())));
    Optional<RpcError> declined = given.fault();
    if (declined.isPresent()) {
      held.cancel();
      return new Outcome.Failed(declined.get());
    }
    return held.tell(given.answersInFull()).orElseGet(() -> held.follow(WORKING));
  }

  /** One task, held for one exchange. Confined to its thread. */
  private final class Held {
    private final String id;
    private final Set<String> asked;
    private final Exchange exchange;
    private final long end = options.watch().end();

    Held(String id, Set<String> asked, Exchange exchange) {
      this.id = id;
      this.asked = new HashSet<>(asked);
      this.exchange = exchange;
    }

    Outcome follow(JsonObject first) {
      JsonObject state = first;
      int untold = 0;
      while (true) {
        Optional<Outcome> outcome = judge(state);
        if (outcome.isPresent()) {
          return outcome.get();
        }
        if (!pause(state)) {
          cancel();
          return exchange.cancellation().isCancelled()
              ? new Outcome.Cancelled()
              : UpstreamErrors.timedOut();
        }
        Optional<Message.Reply> told = ask(Method.TASKS_GET, JsonObject.EMPTY);
        if (told.isPresent() && told.get() instanceof Message.Failure failure) {
          return ModernErrors.outcome(failure.error(), exchange);
        }
        // One word that was lost is no reason to let go of a task that goes on.
        untold = told.isPresent() ? 0 : untold + 1;
        if (untold == MOST_UNTOLD) {
          cancel();
          return UpstreamErrors.of(Breakdown.of(Breakdown.Kind.LOST));
        }
        state =
            told.isPresent() && told.get() instanceof Message.Result next ? next.result() : WORKING;
      }
    }

    /** Empty while it works. */
    private Optional<Outcome> judge(JsonObject state) {
      return switch (state.string("status").orElse("")) {
        case "working" -> Optional.empty();
        case "input_required" -> questions(state);
        case "completed" ->
            Optional.of(
                state
                    .object("result")
                    .<Outcome>map(result -> new Outcome.Complete(result.without("resultType")))
                    .orElseGet(HeldTasks::invalid));
        case "failed" ->
            Optional.of(
                state
                    .object("error")
                    .map(error -> ModernErrors.outcome(read(error), exchange))
                    .orElseGet(HeldTasks::invalid));
        case "cancelled" ->
            Optional.of(new Outcome.Failed(RpcError.internal("upstream cancelled the task")));
        default -> Optional.of(invalid());
      };
    }

    /** What was asked before is on its way to the task (CM-13). */
    private Optional<Outcome> questions(JsonObject state) {
      JsonObject fresh = state.object("inputRequests").orElse(JsonObject.EMPTY);
      for (String key : asked) {
        fresh = fresh.without(key);
      }
      Optional<List<Question>> questions = ModernResults.questions(fresh);
      if (questions.isEmpty()
          || !questions.get().stream()
              .allMatch(one -> one.fit(exchange.client()) instanceof Question.Fit.Fits)) {
        cancel();
        return Optional.of(invalid()); // 4-T45
      }
      if (questions.get().isEmpty()) {
        return Optional.empty();
      }
      StringBuilder handle = new StringBuilder().append(TASK).append(id);
      asked.forEach(key -> handle.append(SEPARATOR).append(key));
      questions.get().forEach(question -> handle.append(SEPARATOR).append(question.key()));
      return Optional.of(new Outcome.InputRequired(questions.get(), handle.toString()));
    }

    void cancel() {
      ask(Method.TASKS_CANCEL, JsonObject.EMPTY);
    }

    /** What is to be said of it when the answers were not taken; they are not given twice. */
    Optional<Outcome> tell(JsonObject answers) {
      Optional<Message.Reply> told =
          ask(Method.TASKS_UPDATE, JsonObject.of("inputResponses", answers.toJson()));
      if (told.isEmpty()) {
        cancel();
        return Optional.of(UpstreamErrors.of(Breakdown.of(Breakdown.Kind.LOST)));
      }
      return told.get() instanceof Message.Failure failure
          ? Optional.of(ModernErrors.outcome(failure.error(), exchange))
          : Optional.empty();
    }

    /** False when nobody waits for the task any more, or it took too long. */
    private boolean pause(JsonObject state) {
      long wanted = state.integer("pollIntervalMs").orElse(USUAL_PAUSE.toMillis());
      long millis = Math.clamp(wanted, SHORTEST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis());
      CountDownLatch left = new CountDownLatch(1);
      try (Cancellation.Registration _ = exchange.cancellation().onCancel(left::countDown)) {
        return !left.await(millis, TimeUnit.MILLISECONDS) && end - System.nanoTime() > 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private Optional<Message.Reply> ask(Method method, JsonObject params) {
      JsonObject full =
          relay.request(
              exchange.withParams(params.with(Tasks.ID, id)).withoutContinuation(),
              Optional.empty());
      return wire.ask(method, full, options.acknowledgement());
    }
  }

  private static RpcError read(JsonObject error) {
    return new RpcError(
        (int) error.integer("code").orElse(RpcError.INTERNAL),
        error.string("message").orElse("The task failed"),
        error.get("data"));
  }

  private static Outcome invalid() {
    return new Outcome.Failed(RpcError.internal("The server's task was not valid"));
  }
}
