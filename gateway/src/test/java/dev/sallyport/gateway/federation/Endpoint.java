package dev.sallyport.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A federation of fakes, and a caller of it. */
final class Endpoint {
  static final Caller ANN = new Caller("key", "ann", "");
  static final Caller BOB = new Caller("key", "bob", "");

  final FakeServer notes = new FakeServer();
  final FakeServer tickets = new FakeServer();
  final BlockingQueue<Message.Notification> told = new LinkedBlockingQueue<>();
  final Federation federation;

  Endpoint() {
    this(new Upstream.Patience(Duration.ofSeconds(2), Duration.ofMillis(200)));
  }

  Endpoint(Upstream.Patience patience) {
    federation =
        new Federation(
            crew(new Member("tickets", tickets), new Member("notes", notes)),
            new Seal(
                new SealKeys(Clock.systemUTC(), new SecureRandom(), Duration.ofHours(2)),
                Clock.systemUTC(),
                new SecureRandom()),
            patience);
  }

  static Crew crew(Member... members) {
    return new Crew.Several(
        List.of(members), FakeServer.object("{\"name\":\"team\",\"version\":\"1\"}"));
  }

  /** The endpoint's id of a task that notes calls so. */
  String taskOfNotes(String id) {
    notes.answer("tools/call", "{\"resultType\":\"task\",\"taskId\":\"" + id + "\"}");
    return result(ask("tools/call", "{\"name\":\"notes__t\"}")).string("taskId").orElseThrow();
  }

  Outcome ask(String method, String params) {
    return ask(ANN, method, params, new Cancellation());
  }

  Outcome ask(Caller caller, String method, String params, Cancellation cancellation) {
    return federation.handle(
        exchange(caller, Optional.empty(), method, params, Optional.empty(), cancellation));
  }

  /** Something that we ask ourselves on the caller's behalf. */
  Outcome ours(String method, JsonObject params) {
    Exchange asked =
        exchange(
            ANN,
            Optional.empty(),
            method,
            params.toJson().text(),
            Optional.empty(),
            new Cancellation());
    return federation.handle(asked.withOrigin(asked.origin().ours()));
  }

  Exchange exchange(
      Caller caller,
      Optional<ClientSession> session,
      String method,
      String params,
      Optional<Continuation> continuation,
      Cancellation cancellation) {
    return new Exchange(
        method,
        FakeServer.object(params),
        continuation,
        new Origin(caller, "team", session, Optional.of(new RpcId(Json.of(7)))),
        new ClientContext(
            ProtocolVersion.newestFirst(ProtocolVersion.Era.MODERN).getFirst(),
            FakeServer.object(
                "{\"elicitation\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}"),
            Optional.empty(),
            Optional.empty()),
        Optional.empty(),
        told::add,
        cancellation);
  }

  static JsonObject result(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
    return ((Outcome.Complete) outcome).result();
  }

  static RpcError error(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).error();
  }

  static List<String> names(Outcome outcome, String list) {
    return texts(outcome, list, "name");
  }

  static List<String> texts(Outcome outcome, String list, String member) {
    return result(outcome).array(list).orElseThrow().stream()
        .map(each -> each.asObject().orElseThrow().string(member).orElseThrow())
        .toList();
  }
}
