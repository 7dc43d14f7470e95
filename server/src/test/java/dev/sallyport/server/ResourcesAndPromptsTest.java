package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.RpcError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourcesAndPromptsTest {
  record Order(String number) {}

  private final McpServer server =
      McpServer.named("test", "1")
          .resource(
              Resource.at("a://notes")
                  .named("Notes")
                  .mimeType("text/plain")
                  .size(5)
                  .annotated(Annotations.none().priority(1))
                  .cached(Duration.ofSeconds(5), CacheScope.PUBLIC)
                  .reading(_ -> Contents.text("hello")))
          .resource(
              Resource.at("a://both")
                  .reading(
                      _ ->
                          Contents.blob(new byte[] {1})
                              .mimeType("image/png")
                              .and(Contents.text("x").at("a://both/x"))))
          .resource(
              Resource.at("a://broken")
                  .reading(
                      _ -> {
                        throw new IllegalStateException("secret");
                      }))
          .resourceTemplate(
              ResourceTemplate.of("a://order/{number}")
                  .named("Order")
                  .completing("number", typed -> List.of(typed.value() + "1", typed.value() + "2"))
                  .reading(
                      (uri, _) ->
                          Optional.of(uri.get("number"))
                              .filter(number -> number.length() < 4)
                              .map(Order::new)
                              .map(Contents::json)))
          .prompt(
              Prompt.named("greet")
                  .describedAs("Greets")
                  .argument("name", "Who")
                  .optionalArgument("tone", "How")
                  .completing(
                      "name",
                      typed ->
                          IntStream.range(0, 150)
                              .mapToObj(i -> typed.value() + typed.others().names() + i)
                              .toList())
                  .answering(
                      (arguments, _) ->
                          List.of(
                              PromptMessage.user("Greet " + arguments.get("name")),
                              PromptMessage.assistant(arguments.find("tone").orElse("kindly")))))
          .build();
  private final Client client = new Client(server);

  private String read(String uri) {
    return Client.text(client.request("resources/read", "{\"uri\":\"" + uri + "\"}"));
  }

  @Test
  void resources_and_templates_are_listed() {
    assertThat(Client.text(client.request("resources/list", "{}")))
        .isEqualTo(
            """
            {"resources":[{"uri":"a://notes","name":"Notes","mimeType":"text/plain","size":5,\
            "annotations":{"priority":1}},{"uri":"a://both","name":"a://both"},\
            {"uri":"a://broken","name":"a://broken"}]}\
            """);
    assertThat(Client.text(client.request("resources/templates/list", "{}")))
        .isEqualTo(
            "{\"resourceTemplates\":[{\"uriTemplate\":\"a://order/{number}\",\"name\":\"Order\"}]}");
  }

  @Test
  void a_resource_is_read_with_its_media_type_and_hint() {
    assertThat(read("a://notes"))
        .isEqualTo(
            """
            {"contents":[{"uri":"a://notes","mimeType":"text/plain","text":"hello"}],\
            "ttlMs":5000,"cacheScope":"public"}\
            """);
  }

  @Test
  void a_resource_may_have_several_parts_and_bytes() {
    assertThat(read("a://both"))
        .isEqualTo(
            """
            {"contents":[{"uri":"a://both","blob":"AQ==","mimeType":"image/png"},\
            {"text":"x","uri":"a://both/x"}]}\
            """);
  }

  @Test
  void a_template_is_read_by_its_variables() {
    assertThat(read("a://order/A%201"))
        .isEqualTo(
            """
            {"contents":[{"uri":"a://order/A%201","mimeType":"application/json",\
            "text":"{\\"number\\":\\"A 1\\"}"}]}\
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a://order/12345", "a://other", "a://order/", "a://order/1/2", ""})
  void what_is_not_there_is_an_error_with_its_uri_and_never_empty(String uri) {
    // FE-11
    RpcError error = Client.failed(client.request("resources/read", "{\"uri\":\"" + uri + "\"}"));

    assertThat(error).isEqualTo(RpcError.resourceNotFound(uri));
  }

  @Test
  void reading_without_a_uri_is_malformed() {
    assertThat(Client.failed(client.request("resources/read", "{}")).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_failure_while_reading_is_told_without_its_reason() {
    RpcError error = Client.failed(client.request("resources/read", "{\"uri\":\"a://broken\"}"));

    assertThat(error.code()).isEqualTo(RpcError.INTERNAL);
    assertThat(error.message()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "a://{x}, a://b, b",
    "a://{x}/data, a://b/data, b",
    "a://{x}-{y}, a://1-2-3, 1",
    "a://{x}/{y}, a://1/2, 1",
    "a://{x}.json, a://1.json.json, 1.json",
    "a://{x}, a://%C3%A4%2F, ä/",
    "a://{x}, a://ä, ä"
  })
  void a_template_matches_its_uris(String template, String uri, String x) {
    assertThat(new UriTemplate(template).match(uri).orElseThrow().get("x")).isEqualTo(x);
  }

  @ParameterizedTest
  @CsvSource({
    "a://{x}, a://",
    "a://{x}, b://x",
    "a://{x}, a://b/c",
    "a://{x}, a://b?c",
    "a://{x}, a://b#c",
    "a://{x}/data, a://b/date",
    "a://{x}/data, a:///data",
    "a://{x}-{y}, a://1-",
    "a://{x}-{y}, a://12",
    "a://{x}, a://%",
    "a://{x}, a://%4",
    "a://{x}, a://%zz",
    "a://{x}, a://%FF",
    "a://{x}, a://%00",
    "a://{x}, a://a%0Ab"
  })
  void a_template_refuses_what_is_not_its_own(String template, String uri) {
    assertThat(new UriTemplate(template).match(uri)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a://b", "a://{}", "a://{+x}", "a://{x", "a://{x}{y}", "a://{x}/{x}", "a://{x,y}"})
  void a_template_that_is_no_level_one_template_is_refused(String template) {
    assertThatThrownBy(() -> ResourceTemplate.of(template))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_long_uri_against_a_template_of_many_names_takes_no_time() {
    UriTemplate template = new UriTemplate("a://{a}-{b}-{c}-{d}-{e}-{f}!");

    assertThat(template.match("a://" + "-".repeat(1_000_000))).isEmpty();
  }

  @Test
  void a_prompt_is_listed_and_answers_with_messages() {
    assertThat(Client.text(client.request("prompts/list", "{}")))
        .isEqualTo(
            """
            {"prompts":[{"name":"greet","description":"Greets","arguments":[\
            {"name":"name","description":"Who","required":true},\
            {"name":"tone","description":"How","required":false}]}]}\
            """);
    assertThat(
            Client.text(
                client.request(
                    "prompts/get", "{\"name\":\"greet\",\"arguments\":{\"name\":\"Ann\"}}")))
        .isEqualTo(
            """
            {"description":"Greets","messages":[\
            {"role":"user","content":{"type":"text","text":"Greet Ann"}},\
            {"role":"assistant","content":{"type":"text","text":"kindly"}}]}\
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"other\"}",
        "{}",
        "{\"name\":\"greet\"}",
        "{\"name\":\"greet\",\"arguments\":{\"tone\":\"x\"}}",
        "{\"name\":\"greet\",\"arguments\":{\"name\":7}}",
        "{\"name\":\"greet\",\"arguments\":{\"name\":\"x\",\"other\":\"y\"}}",
        "{\"name\":\"greet\",\"arguments\":[]}"
      })
  void an_unknown_prompt_or_unfit_arguments_are_a_protocol_error(String params) {
    // FE-13
    assertThat(Client.failed(client.request("prompts/get", params)).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  private String completion(String ref, String argument) {
    return "{\"ref\":"
        + ref
        + ",\"argument\":{\"name\":\""
        + argument
        + "\",\"value\":\"v\"},\"context\":{\"arguments\":{\"tone\":\"t\"}}}";
  }

  @Test
  void at_most_a_hundred_completions_are_sent_and_the_rest_is_counted() {
    // FE-14
    JsonObject completion =
        Client.complete(
                client.request(
                    "completion/complete",
                    completion("{\"type\":\"ref/prompt\",\"name\":\"greet\"}", "name")))
            .object("completion")
            .orElseThrow();

    assertThat(completion.array("values").orElseThrow()).hasSize(100);
    assertThat(completion.array("values").orElseThrow().getFirst().text())
        .isEqualTo("\"v[tone]0\"");
    assertThat(completion.integer("total")).hasValue(150);
    assertThat(completion.get("hasMore").orElseThrow().text()).isEqualTo("true");
  }

  @Test
  void variables_of_templates_are_completed_too_and_arguments_without_suggestions_are_empty() {
    assertThat(
            Client.text(
                client.request(
                    "completion/complete",
                    completion(
                        "{\"type\":\"ref/resource\",\"uri\":\"a://order/{number}\"}", "number"))))
        .contains("[\"v1\",\"v2\"]");
    assertThat(
            Client.text(
                client.request(
                    "completion/complete",
                    completion("{\"type\":\"ref/prompt\",\"name\":\"greet\"}", "tone"))))
        .contains("\"values\":[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ref/prompt\",\"name\":\"other\"}",
        "{\"type\":\"ref/resource\",\"uri\":\"a://other/{x}\"}",
        "{\"type\":\"ref/else\",\"name\":\"greet\"}",
        "{}",
        "7"
      })
  void a_completion_of_something_unknown_is_refused(String ref) {
    assertThat(Client.failed(client.request("completion/complete", completion(ref, "name"))).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_completion_of_an_unknown_argument_is_refused() {
    String prompt = "{\"type\":\"ref/prompt\",\"name\":\"greet\"}";

    assertThat(Client.failed(client.request("completion/complete", completion(prompt, "x"))).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void capabilities_are_those_that_are_offered() {
    // FE-01
    assertThat(Client.text(client.request("server/discover", "{}")))
        .contains(
            "\"capabilities\":{\"logging\":{},\"prompts\":{\"listChanged\":true},"
                + "\"resources\":{\"listChanged\":true},\"completions\":{}}");
  }
}
