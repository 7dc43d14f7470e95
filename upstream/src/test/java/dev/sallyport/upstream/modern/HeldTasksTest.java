package dev.sallyport.upstream.modern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import dev.sallyport.upstream.wire.FakeWire;
import dev.sallyport.upstream.wire.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A tool that works only as a task, for a client that takes none. */
final class HeldTasksTest {
  private static final JsonObject ELICITS =
      JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY.toJson()).toJson());

  private final FakeWire wire = new FakeWire();
  private final Cancellation left = new Cancellation();
  private final ModernConversation server =
      ModernConversation.on(
          wire,
          ProtocolVersion.LATEST_MODERN,
          new ModernOptions(
              JsonObject.of("name", Json.of("test")),
              Duration.ofSeconds(5),
              new Watch(Duration.ofSeconds(10), Duration.ofSeconds(20)),
              false),
          JsonObject.EMPTY);

  private Exchange call(JsonObject capabilities) {
    return new Exchange(
        "tools/call",
        JsonObject.of("name", Json.of("slow")),
        Optional.empty(),
        Origin.of(new Caller("key", "anna", "1"), "team"),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, capabilities, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        left);
  }

  private FutureTask<Outcome> start(Exchange exchange) {
    FutureTask<Outcome> running = new FutureTask<>(() -> server.carryOut(exchange).outcome());
    Thread.ofVirtual().start(running);
    return running;
  }

  private Message.Request next(String method) throws Exception {
    Message sent = wire.sent.poll(10, TimeUnit.SECONDS);
    assertThat(sent).isInstanceOf(Message.Request.class);
    Message.Request request = (Message.Request) sent;
    assertThat(request.method()).isEqualTo(method);
    return request;
  }

  private void wantsTasks(Message.Request call) {
    wire.fails(call.id(), RpcError.missingCapability(Tasks.addedTo(JsonObject.EMPTY)));
  }

  private static JsonObject task(String status) {
    return JsonObject.of("taskId", Json.of("t-1"), "status", Json.of(status))
        .with("pollIntervalMs", Json.of(50));
  }

  private static boolean declares(Message.Request request) {
    return request.params().toJson().text().contains(Tasks.EXTENSION);
  }

  /** Until the task is there and asked for. */
  private Message.Request held() throws Exception {
    Message.Request plain = next("tools/call");
    assertThat(declares(plain)).isFalse();
    wantsTasks(plain);
    Message.Request again = next("tools/call");
    assertThat(declares(again)).isTrue();
    wire.answers(again.id(), task("working").with("resultType", "task"));
    return next("tasks/get");
  }

  @Test
  void its_end_is_the_calls() throws Exception {
    FutureTask<Outcome> running = start(call(JsonObject.EMPTY));

    Message.Request get = held();
    assertThat(get.params().string("taskId")).contains("t-1");
    wire.answers(get.id(), task("working"));
    JsonObject result = JsonObject.of("content", Json.arrayOf(List.of()));
    wire.answers(next("tasks/get").id(), task("completed").with("result", result.toJson()));

    assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Complete(result));
  }

  @Test
  void its_error_is_the_calls() throws Exception {
    FutureTask<Outcome> running = start(call(JsonObject.EMPTY));

    JsonObject error = JsonObject.of("code", Json.of(7), "message", Json.of("no"));
    wire.answers(held().id(), task("failed").with("error", error.toJson()));

    assertThat(((Outcome.Failed) running.get(10, TimeUnit.SECONDS)).error().code()).isEqualTo(7);
  }

  @Test
  void what_it_asks_the_client_is_asked_once_and_answered_by_update() throws Exception {
    Exchange exchange = call(ELICITS);
    FutureTask<Outcome> running = start(exchange);
    JsonObject asks =
        JsonObject.of(
            "who",
            JsonObject.of(
                    "method",
                    Json.of("elicitation/create"),
                    "params",
                    JsonObject.of("message", Json.of("?")).toJson())
                .toJson());
    JsonObject waiting = task("input_required").with("inputRequests", asks.toJson());

    wire.answers(held().id(), waiting);
    Outcome.InputRequired asked = (Outcome.InputRequired) running.get(10, TimeUnit.SECONDS);
    assertThat(asked.questions())
        .singleElement()
        .satisfies(q -> assertThat(q.key()).isEqualTo("who"));

    JsonObject answers = JsonObject.of("who", JsonObject.of("action", Json.of("accept")).toJson());
    FutureTask<Outcome> goesOn =
        start(exchange.continued(new Continuation(answers, asked.handle())));
    Message.Request update = next("tasks/update");
    assertThat(update.params().object("inputResponses")).contains(answers);
    wire.answers(update.id(), JsonObject.EMPTY);
    wire.answers(next("tasks/get").id(), waiting); // not taken in yet, and not asked again (CM-13)
    wire.answers(
        next("tasks/get").id(), task("completed").with("result", JsonObject.EMPTY.toJson()));

    assertThat(goesOn.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Complete(JsonObject.EMPTY));
  }

  @Test
  void a_client_that_would_not_answer_ends_it() throws Exception {
    Exchange exchange = call(JsonObject.EMPTY);
    Continuation declined =
        new Continuation(
            JsonObject.EMPTY,
            Optional.of("tt-1\nmodel"),
            Map.of(
                "model",
                new Continuation.Declined("sampling/createMessage", RpcError.of(-1, "no"))));

    FutureTask<Outcome> running = start(exchange.continued(declined));
    Message.Request cancel = next("tasks/cancel");
    wire.answers(cancel.id(), JsonObject.EMPTY);

    assertThat(running.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void a_client_that_leaves_cancels_it() throws Exception {
    FutureTask<Outcome> running = start(call(JsonObject.EMPTY));
    Message.Request get = held();

    left.cancel();
    wire.answers(get.id(), task("working"));
    Message.Request cancel = next("tasks/cancel");
    wire.answers(cancel.id(), JsonObject.EMPTY);

    assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  void a_client_that_takes_tasks_gets_the_task_itself() throws Exception {
    FutureTask<Outcome> running = start(call(Tasks.addedTo(JsonObject.EMPTY)));
    JsonObject created = task("working").with("resultType", "task");

    wire.answers(next("tools/call").id(), created);

    assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Complete(created));
  }

  @Test
  void and_one_that_does_not_never_sees_one() throws Exception { // TK-02
    FutureTask<Outcome> running = start(call(JsonObject.EMPTY));

    wire.answers(next("tools/call").id(), task("working").with("resultType", "task"));

    assertThat(running.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Failed.class);
  }
}
