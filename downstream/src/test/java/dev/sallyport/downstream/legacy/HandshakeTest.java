package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.legacy.TestSession.EVERYTHING;
import static dev.sallyport.downstream.legacy.TestSession.initialize;
import static dev.sallyport.downstream.legacy.TestSession.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest {
  private final ScriptedHandler handler = new ScriptedHandler();

  @ParameterizedTest
  @CsvSource({
    "2024-11-05,2024-11-05",
    "2025-03-26,2025-03-26",
    "2025-06-18,2025-06-18",
    "2025-11-25,2025-11-25",
    "2026-07-28,2025-11-25",
    "2030-01-01,2025-11-25",
    "'',2025-11-25"
  })
  void agrees_on_the_requested_version_or_on_the_newest_with_a_handshake(
      String requested, String agreed) { // VN-09, VN-10
    TestSession session = TestSession.open(handler, requested, "{}");

    assertThat(session.reply.result().string("protocolVersion")).contains(agreed);
    assertThat(session.session.version().text()).isEqualTo(agreed);
  }

  @Test
  void tells_what_the_handler_says_of_itself_and_nothing_of_the_modern_era() {
    handler.answer(
        "server/discover",
        """
        {"resultType":"complete","ttlMs":5,"cacheScope":"private","supportedVersions":["2026-07-28"],
         "capabilities":{"tools":{"listChanged":true},"logging":{},
           "extensions":{"io.modelcontextprotocol/tasks":{},"example.org/x":{}}},
         "instructions":"Be kind",
         "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"n","version":"2","title":"T"}}}
        """);

    JsonObject result = TestSession.open(handler, "2025-11-25", "{}").reply.result();

    assertThat(TestSession.text(result))
        .isEqualTo(
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{\"listChanged\":true},"
                + "\"logging\":{},\"extensions\":{\"example.org/x\":{}}},"
                + "\"serverInfo\":{\"name\":\"n\",\"version\":\"2\",\"title\":\"T\"},\"instructions\":\"Be"
                + " kind\"}");
  }

  @Test
  void a_server_without_a_name_gets_one_because_the_answer_needs_it() {
    handler.answer("server/discover", "{\"capabilities\":{}}");

    JsonObject result = TestSession.open(handler, "2025-11-25", "{}").reply.result();

    assertThat(result.object("serverInfo").flatMap(info -> info.string("name"))).isPresent();
    assertThat(result.has("instructions")).isFalse();
  }

  @Test
  void the_handler_learns_who_asks_with_capabilities_in_the_modern_shape() {
    TestSession.open(handler, "2025-11-25", EVERYTHING);

    var exchange = handler.only("server/discover");
    assertThat(exchange.caller()).isEqualTo(TestSession.ANNA);
    assertThat(exchange.client().can("roots")).isTrue();
    assertThat(exchange.client().info()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"protocolVersion\":1}",
        "{\"protocolVersion\":null,\"capabilities\":{}}",
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":[]}",
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":\"me\"}"
      })
  void refuses_parameters_of_a_wrong_type(String params) { // JR-15
    var opening =
        TestSession.handshake(handler, SessionLimits.DEFAULT)
            .open(
                request(1, "initialize", params),
                TestSession.WHO,
                new Recorded(),
                new Cancellation());

    assertThat(((Handshake.Opening.Turned) opening).ending())
        .extracting(ending -> TestSession.error(ending).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
    assertThat(handler.count("server/discover")).isZero();
  }

  @Test
  void missing_capabilities_and_client_info_are_nothing_to_stumble_over() {
    var opening =
        TestSession.handshake(handler, SessionLimits.DEFAULT)
            .open(
                request(1, "initialize", "{\"protocolVersion\":\"2025-11-25\"}"),
                TestSession.WHO,
                new Recorded(),
                new Cancellation());

    assertThat(opening).isInstanceOf(Handshake.Opening.Opened.class);
  }

  @Test
  void a_handler_that_fails_or_breaks_makes_no_session() {
    handler.on("server/discover", _ -> new Outcome.Failed(RpcError.internal("down")));
    assertThat(TestSession.error(turned()).message()).isEqualTo("down");

    handler.on(
        "server/discover",
        _ -> {
          throw new IllegalStateException("secret");
        });
    assertThat(TestSession.error(turned()).message()).isEqualTo("Internal error");

    handler.on("server/discover", _ -> new Outcome.Cancelled());
    assertThat(TestSession.error(turned()).code()).isEqualTo(RpcError.INTERNAL);
  }

  @Test
  void a_refusal_of_the_handler_stays_one() {
    handler.on(
        "server/discover",
        _ -> new Outcome.Refused(Refusal.of(Refusal.Reason.UNAVAILABLE, "later")));

    assertThat(turned()).isInstanceOf(Ending.Refused.class);
  }

  @Test
  void the_reply_has_the_id_of_the_request() { // JR-03
    assertThat(TestSession.open(handler, "2025-11-25", "{}").reply.id())
        .isEqualTo(initialize("x", "{}").id());
  }

  private Ending turned() {
    return ((Handshake.Opening.Turned)
            TestSession.handshake(handler, SessionLimits.DEFAULT)
                .open(
                    initialize("2025-11-25", "{}"),
                    TestSession.WHO,
                    new Recorded(),
                    new Cancellation()))
        .ending();
  }

  @Test
  void every_reply_is_a_message_on_one_line() {
    Message.Result reply = TestSession.open(handler, "2025-11-25", "{}").reply;

    assertThat(new String(reply.toBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,")
        .doesNotContain("\n");
  }
}
