package dev.sallyport.upstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientProfileTest {
  private static JsonObject json(String text) throws JsonException {
    return Json.parse(text.replace('\'', '"')).asObject().orElseThrow();
  }

  private static ClientProfile profile(String capabilities) throws JsonException {
    return ClientProfile.of(
        new ClientContext(
            ProtocolVersion.LATEST_MODERN, json(capabilities), Optional.empty(), Optional.empty()));
  }

  private static Message.Request request(String method, String params) throws JsonException {
    return new Message.Request(RpcId.of(1), method, json(params));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | {}",
        "{'elicitation':{}} | {'elicitation':{}}",
        "{'elicitation':{'form':{}}} | {'elicitation':{}}",
        "{'elicitation':{'url':{}}} | {'elicitation':{'url':{}}}",
        "{'elicitation':{'form':{},'url':{}}} | {'elicitation':{'form':{},'url':{}}}",
        "{'sampling':{}} | {'sampling':{}}",
        "{'sampling':{'tools':{},'context':{}}} | {'sampling':{'context':{},'tools':{}}}",
        "{'roots':{'listChanged':true}} | {'roots':{}}",
        "{'tasks':{},'extensions':{},'experimental':{},'sampling':5} | {}",
      })
  void the_handshake_declares_what_can_be_asked_and_nothing_else(String modern, String legacy)
      throws Exception {
    assertThat(profile(modern).toCapabilities()).isEqualTo(json(legacy));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'elicitation':{}} | elicitation/create | {}",
        "{'elicitation':{}} | elicitation/create | {'mode':'form'}",
        "{'elicitation':{'url':{}}} | elicitation/create | {'mode':'url'}",
        "{'sampling':{}} | sampling/createMessage | {}",
        "{'sampling':{'tools':{}}} | sampling/createMessage | {'tools':[]}",
        "{'roots':{}} | roots/list | {}",
      })
  void what_was_declared_fits(String can, String method, String params) throws Exception {
    assertThat(profile(can).fit(request(method, params))).isEqualTo(new Question.Fit.Fits());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | elicitation/create | {} | -32601 | {'elicitation':{'form':{}}}",
        "{'elicitation':{}} | elicitation/create | {'mode':'url'} | -32602 |"
            + " {'elicitation':{'url':{}}}",
        "{'elicitation':{'url':{}}} | elicitation/create | {} | -32602 |"
            + " {'elicitation':{'form':{}}}",
        "{'elicitation':{'form':{},'url':{}}} | elicitation/create | {'mode':'x'} | -32602 |"
            + " {'elicitation':{'x':{}}}",
        "{} | sampling/createMessage | {} | -32601 | {'sampling':{}}",
        "{} | sampling/createMessage | {'tools':[]} | -32601 | {'sampling':{'tools':{}}}",
        "{'sampling':{}} | sampling/createMessage | {'toolChoice':{}} | -32602 |"
            + " {'sampling':{'tools':{}}}",
        "{'sampling':{}} | roots/list | {} | -32601 | {'roots':{}}",
      })
  void what_was_not_is_refused_with_the_right_code(
      String can, String method, String params, int code, String required) throws Exception {
    Question.Fit fit = profile(can).fit(request(method, params));

    assertThat(fit).isEqualTo(new Question.Fit.Undeclared(json(required)));
    assertThat(profile(can).refusal(json(required)).code()).isEqualTo(code);
  }

  @Test
  void what_no_client_answers_is_unknown() throws Exception {
    assertThat(profile("{'roots':{}}").fit(request("vendor/question", "{}")))
        .isEqualTo(new Question.Fit.Unknown());
  }
}
