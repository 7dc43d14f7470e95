package dev.sallyport.upstream;

import static dev.sallyport.upstream.Fakes.ask;
import static dev.sallyport.upstream.Fakes.call;
import static dev.sallyport.upstream.Fakes.json;
import static dev.sallyport.upstream.Fakes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many gateways a request has come through (2.7.16). */
final class HopsTest {
  private final Fakes fakes = new Fakes();

  @AfterEach
  void nothing_is_left() throws Exception {
    fakes.close();
  }

  private static JsonObject onward(String params) {
    return Hops.onward(ask("tools/call", params).exchange()).orElseThrow().params();
  }

  @Test
  void a_request_of_a_client_leaves_with_one() {
    assertThat(onward("{'name':'a'}"))
        .isEqualTo(json("{'name':'a','_meta':{'dev.sallyport/hops':1}}"));
  }

  @Test
  void what_else_is_in_the_metadata_stays() {
    assertThat(onward("{'_meta':{'traceparent':'x'}}"))
        .isEqualTo(json("{'_meta':{'traceparent':'x','dev.sallyport/hops':1}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-9007199254740991", "1.5", "'1'", "null", "{}"})
  void a_number_that_is_made_up_wins_no_further_rounds(String hops) {
    assertThat(onward("{'_meta':{'dev.sallyport/hops':" + hops + "}}"))
        .isEqualTo(json("{'_meta':{'dev.sallyport/hops':1}}"));
  }

  @Test
  void the_last_gateway_that_passes_it_on_is_the_fifth() {
    assertThat(onward("{'_meta':{'dev.sallyport/hops':4}}"))
        .isEqualTo(json("{'_meta':{'dev.sallyport/hops':5}}"));
    assertThat(Hops.onward(ask("tools/call", "{'_meta':{'dev.sallyport/hops':5}}").exchange()))
        .isEmpty();
  }

  @Test
  void what_is_asked_because_of_a_request_has_come_as_far() {
    assertThat(
            Hops.carried(
                json("{'name':'a','_meta':{'a':1,'dev.sallyport/hops':3}}"),
                json("{'cursor':'c'}")))
        .isEqualTo(json("{'cursor':'c','_meta':{'dev.sallyport/hops':3}}"));
    assertThat(Hops.carried(json("{'_meta':{'a':1}}"), json("{'cursor':'c'}")))
        .isEqualTo(json("{'cursor':'c'}"));
  }

  @Test
  void a_child_is_told_what_the_client_told_and_nothing_of_ours() throws Exception {
    UpstreamServer server = fakes.server("legacy");
    ask("tools/list", "{'_meta':{'dev.sallyport/hops':5}}").of(server);
    assertThat(text(call("received").of(server)))
        .contains("\"dev.sallyport/hops\":5")
        .doesNotContain("\"dev.sallyport/hops\":6")
        .doesNotContain("\"dev.sallyport/hops\":1");
  }
}
