package dev.sallyport.downstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches, which one version has (LH-18, SS-11, 4-T50). */
final class BatchTest {
  private final ScriptedHandler handler = new ScriptedHandler();

  @Test
  void replies_come_in_the_order_of_the_requests_whichever_is_done_first() {
    CountDownLatch second = new CountDownLatch(1);
    handler.on(
        "tools/call",
        exchange -> {
          if (exchange.params().string("name").orElse("").equals("first")) {
            LegacySessionTest.await(second);
          } else {
            second.countDown();
          }
          return new Outcome.Complete(exchange.params());
        });

    assertThat(
            run(
                """
                [{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"first"}},
                 {"jsonrpc":"2.0","method":"notifications/initialized"},
                 {"jsonrpc":"2.0","id":"2","method":"tools/call","params":{"name":"second"}},
                 {"jsonrpc":"2.0","id":3,"method":"nothing/here"}]
                """))
        .isEqualTo(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"name\":\"first\"}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"result\":{\"name\":\"second\"}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":"
                + "{\"code\":-32601,\"message\":\"Method not found\"}}]");
  }

  @Test
  void a_broken_element_spoils_only_itself() {
    assertThat(
            run(
                """
                [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"1.0","id":2,"method":"ping"},7]
                """))
        .startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},")
        .contains("\"id\":2,\"error\":{\"code\":-32600")
        .contains("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600");
  }

  @Test
  void a_refused_element_is_an_error_among_the_replies() {
    handler.on(
        "tools/call",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "slow down")));

    assertThat(run("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}]"))
        .contains("\"code\":429");
  }

  @Test
  void only_so_many_go_on_at_a_time() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    handler.on(
        "tools/call",
        _ -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          eight.countDown();
          LegacySessionTest.await(eight);
          now.decrementAndGet();
          return new Outcome.Complete(JsonObject.EMPTY);
        });
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < 30; i++) {
      batch
          .append(i == 0 ? "" : ",")
          .append("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"tools/call\"}");
    }

    run(batch.append("]").toString());

    assertThat(handler.count("tools/call")).isEqualTo(30);
    assertThat(most).hasValue(8);
  }

  @Test
  void responses_alone_are_taken_and_not_answered() {
    TestSession session = TestSession.open(handler, "2025-03-26", "{}");
    List<Reading> elements =
        read(
            "[{\"jsonrpc\":\"2.0\",\"id\":\"ask-1\",\"result\":{}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":\"ask-2\",\"error\":{\"code\":1,\"message\":\"\"}}]");

    assertThat(Batch.fault(elements, ProtocolVersion.V2025_03_26, 50)).isEmpty();
    assertThat(Batch.wantsNoAnswer(elements)).isTrue();
    assertThat(new Batch(session.session, Claims.NONE, new Recorded()).run(elements)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]",
        "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}},{\"jsonrpc\":\"2.0\",\"method\":\"x\"}]",
        "[7,{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"}]"
      })
  void some_batches_are_refused_whole(String batch) {
    assertThat(Batch.fault(read(batch), ProtocolVersion.V2025_03_26, 3)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-11-05", "2025-06-18", "2025-11-25"})
  void no_other_version_has_batches(String version) {
    assertThat(
            Batch.fault(
                read("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"),
                ProtocolVersion.of(version).orElseThrow(),
                50))
        .isPresent();
  }

  @Test
  void a_fault_of_ours_is_the_answer_to_its_own_request_only() {
    handler.on(
        "tools/call",
        _ ->
            new Outcome.InputRequired(
                List.of(new Question("roots", "roots/list", JsonObject.EMPTY)), "h"));
    TestSession session = TestSession.open(handler, "2025-03-26", "{\"roots\":{}}");
    Sink breaks =
        _ -> {
          throw new IllegalStateException("a secret");
        };

    List<Message.Reply> replies =
        new Batch(session.session, Claims.NONE, breaks)
            .run(
                read(
                    """
                    [{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}},
                     {"jsonrpc":"2.0","id":2,"method":"ping"}]
                    """));

    assertThat(new String(Batch.toBytes(replies), StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":"
                + "{\"code\":-32603,\"message\":\"Internal error\"}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]");
  }

  private String run(String batch) {
    TestSession session = TestSession.open(handler, "2025-03-26", "{}");
    List<Reading> elements = read(batch);
    assertThat(Batch.fault(elements, ProtocolVersion.V2025_03_26, 50)).isEmpty();
    List<Message.Reply> replies =
        new Batch(session.session, Claims.NONE, new Recorded()).run(elements);
    return new String(Batch.toBytes(replies), StandardCharsets.UTF_8);
  }

  private static List<Reading> read(String batch) {
    return ((Reading.Batch)
            new Envelope(JsonBounds.DEFAULT).readFromClient(batch.getBytes(StandardCharsets.UTF_8)))
        .elements();
  }
}
