package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.Tasks;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskIdsTest {
  private static final Caller ANNA = new Caller("key", "anna", "1");
  private static final Caller BERT = new Caller("key", "bert", "1");
  private static final String THEIRS = "task-of-the-upstream";

  private final List<JsonObject> received = new ArrayList<>();
  private final List<Message.Notification> heard = new ArrayList<>();
  private final Seal seal =
      new Seal(
          new SealKeys(Clock.systemUTC(), new SecureRandom(), TaskIds.keysLast()),
          Clock.systemUTC(),
          new SecureRandom());
  private final TaskIds ids = new TaskIds(this::upstream, seal, "team");

  private Outcome upstream(Exchange exchange) {
    received.add(exchange.params());
    if (Method.LISTEN.is(exchange.method())) {
      exchange.notify(
          new Message.Notification(
              Method.ACKNOWLEDGED.text(),
              JsonObject.of(
                  "notifications", exchange.params().object("notifications").get().toJson())));
      for (String each : List.of("task-of-somebody-else", THEIRS)) {
        exchange.notify(
            new Message.Notification(
                Method.TASK_CHANGED.text(), JsonObject.of(Tasks.ID, Json.of(each))));
      }
      return new Outcome.Complete(JsonObject.EMPTY);
    }
    JsonObject task = JsonObject.of(Tasks.ID, Json.of(THEIRS), "status", Json.of("working"));
    return new Outcome.Complete(
        Method.TOOLS_CALL.is(exchange.method()) ? task.with("resultType", "task") : task);
  }

  private Exchange exchange(Caller caller, String method, JsonObject params) {
    return new Exchange(
        method,
        params,
        Optional.empty(),
        Origin.of(caller, "team"),
        new ClientContext(
            ProtocolVersion.LATEST_MODERN,
            Tasks.addedTo(JsonObject.EMPTY),
            Optional.empty(),
            Optional.empty()),
        Optional.empty(),
        heard::add,
        new Cancellation());
  }

  private JsonObject result(Outcome outcome) {
    return ((Outcome.Complete) outcome).result();
  }

  private String idFor(Caller caller) {
    return result(ids.handle(exchange(caller, "tools/call", JsonObject.EMPTY)))
        .string(Tasks.ID)
        .orElseThrow();
  }

  private static JsonObject about(String id) {
    return JsonObject.of(Tasks.ID, Json.of(id));
  }

  @Test
  void a_caller_sees_an_id_of_ours_and_the_upstream_its_own() {
    String id = idFor(ANNA);

    JsonObject result = result(ids.handle(exchange(ANNA, "tasks/get", about(id))));

    assertThat(id).doesNotContain(THEIRS).matches("[A-Za-z0-9_-]+");
    assertThat(received.getLast().string(Tasks.ID)).contains(THEIRS);
    assertThat(result.string(Tasks.ID)).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks/get", "tasks/update", "tasks/cancel"})
  void an_id_is_nobody_elses_and_cannot_be_guessed(String method) { // TK-09, TK-12
    String annas = idFor(ANNA);
    received.clear();

    for (String id : List.of(annas, THEIRS, "", annas.substring(1), "x".repeat(5_000))) {
      Outcome outcome = ids.handle(exchange(BERT, method, about(id)));
      assertThat(((Outcome.Failed) outcome).error().code()).isEqualTo(RpcError.INVALID_PARAMS);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void another_routes_id_opens_nothing() {
    String id = idFor(ANNA);
    TaskIds other = new TaskIds(this::upstream, seal, "other");

    assertThat(other.handle(exchange(ANNA, "tasks/get", about(id))))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void a_subscription_hears_of_its_own_tasks_by_their_own_ids() { // SB-10
    String id = idFor(ANNA);
    JsonObject filter =
        JsonObject.of(Tasks.IDS, Json.arrayOf(List.of(Json.of(id), Json.of(idFor(BERT)))));

    ids.handle(
        exchange(ANNA, "subscriptions/listen", JsonObject.of("notifications", filter.toJson())));

    assertThat(received.getLast().object("notifications").flatMap(some -> some.array(Tasks.IDS)))
        .contains(List.of(Json.of(THEIRS)));
    assertThat(heard.getFirst().params().toJson().text()).contains(id).doesNotContain(THEIRS);
    assertThat(heard.getLast().params().string(Tasks.ID)).contains(id);
    assertThat(heard).as("nothing of the task that was not asked for").hasSize(2);
  }

  @Test
  void who_takes_no_tasks_cannot_listen_to_them() {
    Exchange plain =
        exchange(
                ANNA,
                "subscriptions/listen",
                JsonObject.of(
                    "notifications", JsonObject.of(Tasks.IDS, Json.arrayOf(List.of())).toJson()))
            .withClient(
                new ClientContext(
                    ProtocolVersion.LATEST_MODERN,
                    JsonObject.EMPTY,
                    Optional.empty(),
                    Optional.empty()))
            .withChannel(ClientChannel.NONE);

    assertThat(((Outcome.Failed) ids.handle(plain)).error().code())
        .isEqualTo(RpcError.MISSING_CAPABILITY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks/list", "tasks/result", "tasks/anything"})
  void what_could_tell_of_everybodys_tasks_is_unknown(String method) {
    Outcome outcome = ids.handle(exchange(ANNA, method, JsonObject.EMPTY));

    assertThat(outcome).isEqualTo(new Outcome.Failed(RpcError.methodNotFound()));
    assertThat(received).isEmpty();
  }

  @Test
  void an_ordinary_result_is_not_touched() {
    Outcome outcome = new Outcome.Complete(JsonObject.of(Tasks.ID, Json.of("a tool's own")));
    TaskIds plain = new TaskIds(_ -> outcome, seal, "team");

    assertThat(plain.handle(exchange(ANNA, "tools/call", JsonObject.EMPTY))).isSameAs(outcome);
  }
}
