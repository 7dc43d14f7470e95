package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MessageTest {

  @Test
  void messages_are_written_on_one_line_JR_01() {
    assertText(
        new Message.Request(RpcId.of("a"), "m", object("{'x':1}")),
        "{'jsonrpc':'2.0','id':'a','method':'m','params':{'x':1}}");
    assertText(
        new Message.Request(RpcId.of(1), "m", JsonObject.EMPTY),
        "{'jsonrpc':'2.0','id':1,'method':'m'}");
    assertText(
        new Message.Result(RpcId.of(1), JsonObject.EMPTY), "{'jsonrpc':'2.0','id':1,'result':{}}");
    assertText(
        new Message.Failure(Optional.of(RpcId.of(1)), RpcError.of(-32603, "a\nb")),
        "{'jsonrpc':'2.0','id':1,'error':{'code':-32603,'message':'a\\nb'}}");
  }

  @Test
  void a_notification_is_written_without_an_id_JR_07() {
    assertText(
        new Message.Notification("n", object("{'x':1}")),
        "{'jsonrpc':'2.0','method':'n','params':{'x':1}}");
  }

  @Test
  void a_failure_whose_id_nobody_could_read_has_none_JR_04() {
    assertText(
        new Message.Failure(Optional.empty(), RpcError.parse("p")),
        "{'jsonrpc':'2.0','error':{'code':-32700,'message':'p'}}");
  }

  @Test
  void an_id_is_a_string_or_an_integer_JR_02() {
    for (String text : List.of("1.5", "1e3", "null", "true", "{}", "[]")) {
      Json token = Texts.json(text);
      assertThatThrownBy(() -> new RpcId(token)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(RpcId.of(1)).isNotEqualTo(RpcId.of("1"));
  }

  @Test
  void error_codes_are_the_ones_of_the_specification_JR_10_JR_15() {
    assertThat(RpcError.parse("").code()).isEqualTo(-32700);
    assertThat(RpcError.invalidRequest("").code()).isEqualTo(-32600);
    assertThat(RpcError.methodNotFound().code()).isEqualTo(-32601);
    assertThat(RpcError.invalidParams("").code()).isEqualTo(-32602);
    assertThat(RpcError.internal("").code()).isEqualTo(-32603);
    assertThat(RpcError.headerMismatch("").code()).isEqualTo(-32020);
    assertThat(RpcError.missingCapability(JsonObject.EMPTY).code()).isEqualTo(-32021);
    assertThat(RpcError.unsupportedVersion("x", List.of()).code()).isEqualTo(-32022);
  }

  @Test
  void errors_carry_what_the_peer_needs_VN_03_VN_06_FE_11() {
    assertThat(
            RpcError.unsupportedVersion(
                    "1900-01-01", ProtocolVersion.newestFirst(ProtocolVersion.Era.MODERN))
                .data())
        .contains(Texts.json("{'supported':['2026-07-28'],'requested':'1900-01-01'}"));
    assertThat(RpcError.missingCapability(object("{'elicitation':{}}")).data())
        .contains(Texts.json("{'requiredCapabilities':{'elicitation':{}}}"));
    assertThat(RpcError.resourceNotFound("file:///x").code()).isEqualTo(-32602);
    assertThat(RpcError.resourceNotFound("file:///x").data())
        .contains(Texts.json("{'uri':'file:///x'}"));
  }

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void a_refusal_has_a_code_outside_the_reserved_ranges_JR_12(Refusal.Reason reason) {
    int code = Refusal.of(reason, "no").error().code();

    assertThat(code).isEqualTo(reason.httpStatus()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|false|false",
        "{'elicitation':{}}|true|false",
        "{'elicitation':{'form':{}}}|true|false",
        "{'elicitation':{'url':{}}}|false|true",
        "{'elicitation':{'form':{},'url':{}}}|true|true",
        "{'elicitation':true}|false|false",
        "{'elicitation':null}|false|false",
      })
  void an_empty_elicitation_capability_means_forms_CM_09_4_T41(
      String capabilities, boolean form, boolean url) {
    ClientContext client = client(capabilities);

    assertThat(client.canElicit("form")).isEqualTo(form);
    assertThat(client.canElicit("url")).isEqualTo(url);
  }

  @Test
  void a_capability_is_declared_by_an_object() {
    assertThat(client("{'sampling':{}}").can("sampling")).isTrue();
    assertThat(client("{'sampling':false}").can("sampling")).isFalse();
    assertThat(client("{'sampling':null}").can("sampling")).isFalse();
    assertThat(client("{}").can("sampling")).isFalse();
  }

  @Test
  void asking_for_input_needs_a_question_or_a_handle_MR_03() {
    assertThatThrownBy(
            () -> new Outcome.InputRequired(List.of(), Optional.empty(), JsonObject.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Outcome.InputRequired(List.of(), "h").handle()).contains("h");
  }

  @Test
  void a_caller_is_somebody() {
    assertThatThrownBy(() -> new Caller("", "s", "c")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Caller("i", "", "c")).isInstanceOf(IllegalArgumentException.class);
    assertThat(Caller.local("").subject()).isNotEmpty();
  }

  private static ClientContext client(String capabilities) {
    return new ClientContext(
        ProtocolVersion.LATEST_MODERN, object(capabilities), Optional.empty(), Optional.empty());
  }

  private static void assertText(Message message, String singleQuoted) {
    assertThat(new String(message.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo(singleQuoted.replace('\'', '"'));
  }
}
