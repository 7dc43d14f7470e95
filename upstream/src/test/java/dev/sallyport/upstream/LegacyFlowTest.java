package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.failed;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain calls on a legacy child. */
final class LegacyFlowTest {
  private static final Fakes FAKES = new Fakes();
  private static UpstreamServer server;

  @BeforeAll
  static void open() throws Exception {
    server = FAKES.server();
  }

  @AfterAll
  static void nothing_is_left() throws Exception {
    FAKES.close();
  }

  @Test
  void discover_is_answered_from_the_handshake() {
    Outcome outcome = new Fakes.Ask("server/discover", JsonObject.EMPTY).of(server);

    assertThat(outcome)
        .isEqualTo(
            new Outcome.Complete(
                json(
                    "{'capabilities':{'tools':{'listChanged':true},'resources':{'subscribe':true,'listChanged':true},'logging':{}},'instructions':'Be"
                        + " nice.','_meta':{'io.modelcontextprotocol/serverInfo':{'name':'fake','version':'1'}}}")));
  }

  @Test
  void the_facts_count_all_pages() {
    assertThat(server.facts().tools()).isEqualTo(2);
    assertThat(server.facts().era()).isEqualTo("legacy");
    assertThat(server.facts().summary())
        .startsWith("fake 1   stdio, pid ")
        .contains("speaks 2025-11-25");
  }

  @Test
  void a_result_is_relayed_as_it_came() {
    Outcome outcome = new Fakes.Ask("tools/list", JsonObject.EMPTY).of(server);

    assertThat(((Outcome.Complete) outcome).result().toJson().text())
        .isEqualTo(
            "{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"},\"vendor\":1.50}],\"nextCursor\":\"\"}");
  }

  @Test
  void parameters_and_vendor_metadata_pass_through_unchanged() {
    String params =
        "{'name':'echo','arguments':{'big':12345678901234567890,'x':1.50},'_meta':{'com.example/a':[1]}}";

    assertThat(json(text(ask("tools/call", params).of(server)))).isEqualTo(json(params));
  }

  @Test
  void a_method_of_the_servers_own_is_relayed() {
    Outcome outcome = ask("vendor/echo", "{'a':1}").of(server);

    assertThat(outcome).isEqualTo(new Outcome.Complete(json("{'seen':{'a':1}}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "elicitation/create",
        "tasks/get",
        "tasks/result"
      })
  void a_method_without_a_place_in_the_modern_form_is_not_found(String method) {
    Outcome outcome = new Fakes.Ask(method, JsonObject.EMPTY).of(server);

    assertThat(failed(outcome).error().code()).isEqualTo(RpcError.METHOD_NOT_FOUND);
  }

  @Test
  void a_missing_resource_is_named_the_modern_way() {
    Outcome outcome = ask("resources/read", "{'uri':'file:///a'}").of(server);

    assertThat(failed(outcome).error()).isEqualTo(RpcError.resourceNotFound("file:///a"));
  }

  @ParameterizedTest
  @CsvSource({
    "-32602", "-32601", "-32603", "7", "-32800", "-32000", "-32001", "-32050", "-32022", "-32099"
  })
  void an_error_comes_out_as_it_is_since_each_edge_knows_what_its_client_may_see(int theirs) {
    Outcome outcome = call("error", "{'code':" + theirs + ",'data':{'x':1}}").of(server);

    RpcError error = failed(outcome).error();
    assertThat(error.code()).isEqualTo(theirs);
    assertThat(error.message()).isEqualTo("theirs");
    assertThat(error.data().map(Json::text)).contains("{\"x\":1}");
  }

  @Test
  void strange_ids_and_repeated_answers_are_survived() {
    assertThat(text(call("strange-ids").of(server))).isEqualTo("as a string");
    assertThat(text(call("echo").of(server))).contains("echo");
  }

  @Test
  void ids_are_ours_and_never_repeat() throws Exception {
    call("echo").of(server);
    call("echo").of(server);

    var ids =
        Json.parse(text(call("received").of(server))).asArray().orElseThrow().stream()
            .map(line -> line.asObject().orElseThrow().get("id"))
            .flatMap(java.util.Optional::stream)
            .map(Json::text)
            .toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("\\d+"));
  }
}
