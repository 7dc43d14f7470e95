package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversions of mcp-reference 2.1 and 2.1.1, each as a pure function. */
final class FormsTest {

  // ---- capabilities (rows 2 and 27, VN-11)

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | {"elicitation":{}}                      | {"elicitation":{"form":{}}}
          2025-11-25 | {"elicitation":{"url":{}}}              | {"elicitation":{"url":{}}}
          2025-11-25 | {"elicitation":{"form":{},"url":{}}}    | {"elicitation":{"form":{},"url":{}}}
          2025-06-18 | {"elicitation":{}}                      | {"elicitation":{"form":{}}}
          2025-06-18 | {"elicitation":{"url":{}}}              | {"elicitation":{"form":{}}}
          2025-03-26 | {"elicitation":{}}                      | {}
          2024-11-05 | {"elicitation":{"form":{}}}             | {}
          2025-11-25 | {"roots":{"listChanged":true}}          | {"roots":{}}
          2025-11-25 | {"sampling":{"tools":{}}}               | {"sampling":{"tools":{}}}
          2025-06-18 | {"sampling":{"tools":{}}}               | {"sampling":{}}
          2025-11-25 | {"tasks":{"list":{}}}                   | {}
          2025-11-25 | {"experimental":{"x":{"y":1}}}          | {"experimental":{"x":{"y":1}}}
          2025-11-25 | {"extensions":{"io.modelcontextprotocol/tasks":{}}} | {}
          2025-11-25 | {"extensions":{"a.example/b":{}}}       | {"extensions":{"a.example/b":{}}}
          2025-11-25 | {"roots":true,"sampling":[]}            | {}
          """)
  void client_capabilities_in_the_modern_shape(String version, String declared, String modern) {
    JsonObject shape = CapabilityForms.ofClient(object(declared), version(version));

    assertThat(text(shape)).isEqualTo(modern);
  }

  // ---- results (rows 13 to 15 and 19 to 21)

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | tools/list     | {"resultType":"complete","tools":[],"ttlMs":1,"cacheScope":"private"} | {"tools":[]}
          2025-11-25 | tools/list     | {"tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{},"a":1}} | {"tools":[],"_meta":{"a":1}}
          2025-11-25 | tools/list     | {"tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{}}}      | {"tools":[]}
          2025-11-25 | tools/call     | {"content":[],"structuredContent":{"a":1}} | {"content":[{"type":"text","text":"{\\"a\\":1}"}],"structuredContent":{"a":1}}
          2025-06-18 | tools/call     | {"content":[{"type":"text","text":"x"}],"structuredContent":[1]} | {"content":[{"type":"text","text":"x"}],"structuredContent":{"result":[1]}}
          2025-11-25 | tools/call     | {"structuredContent":null} | {"structuredContent":{"result":null},"content":[{"type":"text","text":"null"}]}
          2025-03-26 | tools/call     | {"content":[],"structuredContent":{"a":1}} | {"content":[{"type":"text","text":"{\\"a\\":1}"}]}
          2025-06-18 | tools/call     | {"content":[{"type":"resource_link","uri":"a:b","name":"n"}]} | {"content":[{"type":"resource_link","uri":"a:b","name":"n"}]}
          2025-03-26 | tools/call     | {"content":[{"type":"resource_link","uri":"a:b","name":"n"}]} | {"content":[{"type":"text","text":"n: a:b"}]}
          2025-03-26 | tools/call     | {"content":[{"type":"audio","data":"","mimeType":"audio/wav"}]} | {"content":[{"type":"audio","data":"","mimeType":"audio/wav"}]}
          2024-11-05 | tools/call     | {"content":[{"type":"audio","data":"","mimeType":"audio/wav"}]} | {"content":[{"type":"text","text":"[audio, audio/wav: this client's protocol version has no audio]"}]}
          2025-03-26 | prompts/get    | {"messages":[{"role":"user","content":{"type":"resource_link","uri":"a:b"}}]} | {"messages":[{"role":"user","content":{"type":"text","text":"a:b"}}]}
          2025-11-25 | resources/read | {"contents":[{"uri":"a:b","x":1.50}],"vendor":{}} | {"contents":[{"uri":"a:b","x":1.50}],"vendor":{}}
          """)
  void results_as_the_version_knows_them(
      String version, String method, String modern, String shown) {
    assertThat(ResultForms.toClient(object(modern), method, version(version)).map(FormsTest::text))
        .contains(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"task\"", "\"input_required\"", "5", "null"})
  void a_result_of_another_type_is_none(String type) { // 4-T44
    assertThat(
            ResultForms.toClient(
                object("{\"resultType\":" + type + "}"),
                "tools/call",
                ProtocolVersion.LATEST_LEGACY))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | {"type":"object","properties":{}}   | {"type":"object","properties":{}}
          2025-11-25 | {"type":"array","items":{}}         | {"type":"object","properties":{"result":{"type":"array","items":{}}},"required":["result"]}
          2025-11-25 | {"type":"string"}                   | {"type":"object","properties":{"result":{"type":"string"}},"required":["result"]}
          2025-11-25 | {"type":"array","items":{"$ref":"#/$defs/a"}} | none
          2025-11-25 | {"type":["object","null"]}          | none
          2025-11-25 | {"anyOf":[{"type":"object"}]}       | none
          2025-11-25 | true                                | none
          2025-03-26 | {"type":"object"}                   | none
          """)
  void output_schemas_agree_with_what_calls_return(String version, String schema, String shown) {
    JsonObject list =
        ResultForms.toClient(
                object("{\"tools\":[{\"name\":\"t\",\"outputSchema\":" + schema + ",\"z\":1}]}"),
                "tools/list",
                version(version))
            .orElseThrow();

    JsonObject tool = list.array("tools").orElseThrow().getFirst().asObject().orElseThrow();
    assertThat(tool.get("outputSchema").map(Json::text).orElse("none")).isEqualTo(shown);
    assertThat(tool.get("z")).contains(Json.of(1)); // JR-28
  }

  // ---- errors (2.1.1)

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -32602 | {"uri":"a:b"}             | resources/read | 2025-11-25 | -32002
          -32602 | {"uri":"a:b"}             | tools/call     | 2025-11-25 | -32602
          -32602 | {"why":"x"}               | resources/read | 2025-11-25 | -32602
          -32021 | {"requiredCapabilities":{}} | tools/call   | 2025-11-25 | -32602
          -32020 | {}                        | tools/call     | 2025-11-25 | -32603
          -32022 | {}                        | tools/call     | 2025-11-25 | -32603
          -32042 | {}                        | tools/call     | 2025-11-25 | -32042
          -32042 | {}                        | tools/call     | 2025-06-18 | -32603
          -32601 | {}                        | tools/call     | 2025-06-18 | -32601
          -32005 | {}                        | tools/call     | 2025-06-18 | -32005
          403    | {}                        | tools/call     | 2025-06-18 | 403
          """)
  void error_codes_as_the_version_knows_them(
      int code, String data, String method, String version, int shown) {
    RpcError error = new RpcError(code, "m", Optional.of(object(data).toJson()));

    assertThat(ErrorForms.toClient(error, method, version(version)).code()).isEqualTo(shown);
  }

  @Test
  void a_missing_resource_keeps_its_uri() { // LH-25
    RpcError shown =
        ErrorForms.toClient(
            RpcError.resourceNotFound("a:b"), "resources/read", ProtocolVersion.LATEST_LEGACY);

    assertThat(shown.data().map(Json::text)).contains("{\"uri\":\"a:b\"}");
  }

  // ---- questions (rows 23 to 26)

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | {"elicitation":{}}  | elicitation/create | {"mode":"form","message":"m","requestedSchema":{"type":"object","properties":{"a":{"type":"array","items":{"enum":["x"]}}}}} | {"mode":"form","message":"m","requestedSchema":{"type":"object","properties":{"a":{"type":"array","items":{"enum":["x"]}}}}}
          2025-06-18 | {"elicitation":{}}  | elicitation/create | {"mode":"form","message":"m","requestedSchema":{"type":"object","properties":{"a":{"type":"string","default":"x","minLength":1}}}} | {"message":"m","requestedSchema":{"type":"object","properties":{"a":{"type":"string","minLength":1}}}}
          2025-06-18 | {"elicitation":{}}  | elicitation/create | {"requestedSchema":{"properties":{"a":{"type":"boolean","default":true},"b":{"type":"number","default":1}},"required":["a"]}} | {"requestedSchema":{"properties":{"a":{"type":"boolean","default":true},"b":{"type":"number"}},"required":["a"]}}
          2025-06-18 | {"elicitation":{}}  | elicitation/create | {"requestedSchema":{"properties":{"a":{"type":"string","oneOf":[{"const":"x","title":"X"},{"const":"y"}]}}}} | {"requestedSchema":{"properties":{"a":{"type":"string","enum":["x","y"],"enumNames":["X","y"]}}}}
          2025-11-25 | {"elicitation":{"url":{}}} | elicitation/create | {"mode":"url","url":"https://a.example","message":"m"} | {"mode":"url","url":"https://a.example","message":"m","elicitationId":"id-1"}
          2025-11-25 | {"elicitation":{"url":{}}} | elicitation/create | {"mode":"url","url":"u","elicitationId":"theirs"} | {"mode":"url","url":"u","elicitationId":"theirs"}
          2025-11-25 | {"sampling":{}} | sampling/createMessage | {"messages":[],"includeContext":"thisServer"} | {"messages":[]}
          2025-11-25 | {"sampling":{"context":{}}} | sampling/createMessage | {"messages":[],"includeContext":"thisServer"} | {"messages":[],"includeContext":"thisServer"}
          2025-11-25 | {"sampling":{"tools":{}}} | sampling/createMessage | {"messages":[],"tools":[{}]} | {"messages":[],"tools":[{}]}
          2025-06-18 | {"sampling":{}} | sampling/createMessage | {"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]} | {"messages":[{"role":"user","content":{"type":"text","text":"x"}}]}
          2025-06-18 | {"sampling":{}} | sampling/createMessage | {"messages":[{"role":"user","content":{"type":"text"}}],"maxTokens":5} | {"messages":[{"role":"user","content":{"type":"text"}}],"maxTokens":5}
          2025-03-26 | {"roots":{}} | roots/list | {} | {}
          """)
  void questions_as_the_version_knows_them(
      String version, String declared, String method, String params, String shown) {
    QuestionForms.Form form = form(version, declared, method, params);

    assertThat(form)
        .isInstanceOfSatisfying(
            QuestionForms.Form.Askable.class,
            askable -> assertThat(text(askable.params())).isEqualTo(shown));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-06-18 | {"elicitation":{}} | elicitation/create | {"requestedSchema":{"properties":{"a":{"type":"array","items":{"enum":["x"]}}}}} | -32603
          2025-06-18 | {"elicitation":{"url":{}}} | elicitation/create | {"mode":"url","url":"u"} | -32021
          2025-11-25 | {"elicitation":{}} | elicitation/create | {"mode":"url","url":"u"} | -32021
          2025-11-25 | {"elicitation":{"url":{}}} | elicitation/create | {"requestedSchema":{}} | -32021
          2025-11-25 | {"elicitation":{}} | elicitation/create | {"mode":"voice"} | -32021
          2025-03-26 | {"elicitation":{}} | elicitation/create | {} | -32021
          2025-11-25 | {} | elicitation/create | {} | -32021
          2025-11-25 | {} | sampling/createMessage | {"messages":[]} | -32021
          2025-11-25 | {"sampling":{}} | sampling/createMessage | {"messages":[],"tools":[]} | -32021
          2025-06-18 | {"sampling":{}} | sampling/createMessage | {"messages":[{"role":"user","content":[{},{}]}]} | -32603
          2025-06-18 | {"sampling":{}} | sampling/createMessage | {"messages":[{"role":"user","content":[]}]} | -32603
          2025-11-25 | {} | roots/list | {} | -32021
          2025-11-25 | {} | tools/list | {} | -32603
          2025-11-25 | {} | example/ask | {} | -32603
          """)
  void what_was_not_declared_or_cannot_be_said_is_not_asked( // MR-05, 4-T22
      String version, String declared, String method, String params, int code) {
    assertThat(form(version, declared, method, params))
        .isInstanceOfSatisfying(
            QuestionForms.Form.Impossible.class,
            impossible -> assertThat(impossible.error().code()).isEqualTo(code));
  }

  // ---- notifications

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2025-11-25 | notifications/progress             | {"progress":1,"message":"m"} | {"progress":1,"message":"m"}
          2024-11-05 | notifications/progress             | {"progress":1,"message":"m"} | {"progress":1}
          2025-11-25 | notifications/message              | {"level":"info"}             | {"level":"info"}
          2025-11-25 | notifications/elicitation/complete | {"elicitationId":"1"}        | {"elicitationId":"1"}
          2025-06-18 | notifications/elicitation/complete | {"elicitationId":"1"}        | none
          2025-11-25 | notifications/tools/list_changed   | {}                           | none
          2025-11-25 | notifications/resources/updated    | {"uri":"a:b"}                | none
          2025-11-25 | notifications/cancelled            | {}                           | none
          2025-11-25 | notifications/subscriptions/acknowledged | {}                     | none
          2025-11-25 | example/vendor                     | {"a":1}                      | {"a":1}
          """)
  void what_a_calls_stream_may_carry(
      String version, String method, String params, String shown) { // LH-12
    assertThat(
            NotificationForms.ofCall(ScriptedHandler.notification(method, params), version(version))
                .map(notification -> text(notification.params()))
                .orElse("none"))
        .isEqualTo(shown);
  }

  private static QuestionForms.Form form(
      String version, String declared, String method, String params) {
    ClientContext client =
        new ClientContext(
            version(version),
            CapabilityForms.ofClient(object(declared), version(version)),
            Optional.empty(),
            Optional.empty());
    return new QuestionForms(client, () -> "id-1")
        .toClient(new Question("k", method, object(params)));
  }

  private static ProtocolVersion version(String text) {
    return ProtocolVersion.of(text).orElseThrow();
  }

  private static String text(JsonObject object) {
    return object.toJson().text();
  }
}
