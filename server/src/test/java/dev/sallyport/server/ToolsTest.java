package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.server.schema.Description;
import dev.sallyport.server.schema.McpHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolsTest {
  record Sum(@Description("The first number") double a, double b) {}

  record Total(double total) {}

  record Region(@McpHeader("Region") String region) {}

  record TwoRegions(@McpHeader("Region") String one, @McpHeader("region") String other) {}

  record HeaderOnDouble(@McpHeader("Weight") double weight) {}

  record Empty() {}

  private static McpServer serving(Tool... tools) {
    McpServerDraft draft = McpServer.named("test", "1");
    for (Tool tool : tools) {
      draft.tool(tool);
    }
    return draft.build();
  }

  private static Tool tool(Tool.PlainBody<ToolResult> body) {
    return Tool.named("it").describedAs("A tool").answering(body);
  }

  private static final Tool ADD =
      Tool.named("add")
          .titled("Addition")
          .describedAs("Adds two numbers")
          .readOnly()
          .input(Sum.class)
          .output(Total.class)
          .answering((sum, _) -> new Total(sum.a() + sum.b()));

  @Test
  void a_tool_is_listed_with_everything_it_says_of_itself() {
    Tool tool =
        Tool.named("add")
            .titled("Addition")
            .describedAs("Adds")
            .readOnly()
            .destructive(false)
            .idempotent()
            .openWorld(false)
            .icon(Icon.at("https://example.com/i.png").mimeType("image/png").sizes("48x48"))
            .meta("example.com/x", Json.TRUE)
            .input(Sum.class)
            .output(Total.class)
            .answering((sum, _) -> new Total(sum.a() + sum.b()));

    assertThat(Client.text(new Client(serving(tool)).request("tools/list", "{}")))
        .isEqualTo(
            """
            {"tools":[{"name":"add",\
            "inputSchema":{"type":"object","properties":{"a":{"type":"number","description":"The first number"},\
            "b":{"type":"number"}},"required":["a","b"],"additionalProperties":false},\
            "title":"Addition","description":"Adds",\
            "annotations":{"readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false},\
            "icons":[{"src":"https://example.com/i.png","mimeType":"image/png","sizes":["48x48"]}],\
            "_meta":{"example.com/x":true},\
            "outputSchema":{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}}]}\
            """);
  }

  @Test
  void a_record_comes_back_as_structured_content_and_as_text() {
    // FE-07, FE-08
    assertThat(Client.text(new Client(serving(ADD)).call("add", "{\"a\":1,\"b\":2}")))
        .isEqualTo(
            "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"total\\\":3}\"}],"
                + "\"structuredContent\":{\"total\":3}}");
  }

  @Test
  void arguments_that_do_not_fit_are_told_to_the_model() {
    // FE-09
    JsonObject result = Client.complete(new Client(serving(ADD)).call("add", "{\"a\":\"x\"}"));

    assertThat(result.get("isError")).contains(Json.TRUE);
    assertThat(
            Content.of(result.array("content").orElseThrow().getFirst().asObject().get()).asText())
        .isEqualTo("Invalid arguments:\n- a: expected a number, got a string\n- b: is missing");
  }

  @Test
  void a_tool_that_takes_nothing_may_be_called_without_arguments_but_not_with_some() {
    Client client = new Client(serving(tool(_ -> ToolResult.text("done"))));

    assertThat(Client.text(client.request("tools/call", "{\"name\":\"it\"}"))).contains("done");
    assertThat(Client.text(client.call("it", "{}"))).contains("done");
    assertThat(Client.text(client.call("it", "{\"a\":1}"))).contains("\"isError\":true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"other\"}",
        "{}",
        "{\"name\":7}",
        "{\"name\":\"add\",\"arguments\":[]}",
        "{\"name\":\"add\",\"arguments\":null}"
      })
  void an_unknown_tool_or_a_malformed_call_is_a_protocol_error(String params) {
    // FE-09
    assertThat(Client.failed(new Client(serving(ADD)).request("tools/call", params)).code())
        .isEqualTo(RpcError.INVALID_PARAMS);
  }

  @Test
  void a_failure_of_the_author_is_told_in_the_authors_words() {
    Client client =
        new Client(
            serving(
                tool(
                    _ -> {
                      throw new CallFailure("There is no order 17");
                    })));

    assertThat(Client.text(client.call("it", "{}")))
        .contains("There is no order 17", "\"isError\":true");
  }

  @Test
  void any_other_exception_is_told_to_nobody() {
    Client client =
        new Client(
            serving(
                tool(
                    _ -> {
                      throw new IllegalStateException("password=hunter2");
                    })));

    assertThat(Client.text(client.call("it", "{}")))
        .contains("\"isError\":true")
        .doesNotContain("hunter2", "IllegalState");
  }

  @Test
  void even_an_error_ends_only_the_call() {
    Client client =
        new Client(
            serving(
                tool(
                    _ -> {
                      throw new StackOverflowError();
                    })));

    assertThat(Client.text(client.call("it", "{}"))).contains("\"isError\":true");
    assertThat(Client.text(client.request("tools/list", "{}"))).contains("\"it\"");
  }

  @Test
  void every_kind_of_content_has_the_form_of_the_specification() {
    byte[] bytes = {1, 2, 3};
    Client client =
        new Client(
            serving(
                tool(
                    _ ->
                        ToolResult.of(
                                Content.text("t")
                                    .annotated(
                                        Annotations.none().audience(Role.USER).priority(0.5)),
                                Content.image(bytes, "image/png"),
                                Content.audio(bytes, "audio/wav"),
                                Content.resource(
                                    "a://b", Contents.text("x").mimeType("text/plain")),
                                Content.link("a://c", "c"))
                            .and(Content.text(new Total(1)))
                            .meta("k", Json.of(1)))));

    assertThat(Client.text(client.call("it", "{}")))
        .isEqualTo(
            """
            {"content":[{"type":"text","text":"t","annotations":{"audience":["user"],"priority":0.5}},\
            {"type":"image","data":"AQID","mimeType":"image/png"},\
            {"type":"audio","data":"AQID","mimeType":"audio/wav"},\
            {"type":"resource","resource":{"uri":"a://b","text":"x","mimeType":"text/plain"}},\
            {"type":"resource_link","uri":"a://c","name":"c"},\
            {"type":"text","text":"{\\"total\\":1}"}],"_meta":{"k":1}}\
            """);
  }

  @Test
  void a_schema_written_by_hand_is_listed_whole_and_checked() {
    String schema =
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
            + "\"properties\":{\"a\":{\"type\":\"string\"}},\"anyOf\":[{\"required\":[\"a\"]}]}";
    Client client =
        new Client(
            serving(
                Tool.named("raw")
                    .inputSchema(schema)
                    .answering((arguments, _) -> ToolResult.text(arguments.string("a").get()))));

    assertThat(Client.text(client.request("tools/list", "{}"))).contains(schema);
    assertThat(Client.text(client.call("raw", "{\"a\":\"yes\"}"))).contains("yes");
    assertThat(Client.text(client.call("raw", "{\"a\":1}"))).contains("\"isError\":true");
  }

  @Test
  void an_output_schema_written_by_hand_is_kept_to() {
    // FE-07
    Function<ToolResult, Client> answering =
        result ->
            new Client(
                serving(
                    Tool.named("raw")
                        .outputSchema("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}")
                        .answering(_ -> result)));

    assertThat(
            Client.text(
                answering
                    .apply(ToolResult.structured(Json.arrayOf(List.of(Json.of(1)))))
                    .call("raw", "{}")))
        .contains("\"structuredContent\":[1]");
    assertThat(Client.text(answering.apply(ToolResult.text("no")).call("raw", "{}")))
        .contains("\"isError\":true");
    assertThat(Client.text(answering.apply(ToolResult.error("sorry")).call("raw", "{}")))
        .contains("sorry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a/b", "ä"})
  void a_name_outside_the_alphabet_is_refused(String name) {
    // FE-05
    assertThatThrownBy(() -> Tool.named(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tool.named("x".repeat(129)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Tool.named("x".repeat(128))).isNotNull();
  }

  @Test
  void two_tools_of_one_name_are_refused() {
    assertThatThrownBy(() -> serving(ADD, ADD)).hasMessageContaining("add");
  }

  @Test
  void arguments_may_ask_for_a_header_but_only_as_the_specification_lets_them() {
    // HD-16
    assertThat(
            Client.text(
                new Client(
                        serving(Tool.named("r").input(Region.class).answering((_, _) -> text("x"))))
                    .request("tools/list", "{}")))
        .contains("\"x-mcp-header\":\"Region\"");
    assertThatThrownBy(() -> Tool.named("r").input(TwoRegions.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tool.named("r").input(HeaderOnDouble.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ToolResult text(String text) {
    return ToolResult.text(text);
  }

  @Test
  void a_required_capability_is_asked_for_before_the_code_runs() {
    AtomicBoolean ran = new AtomicBoolean();
    McpServer server =
        serving(
            Tool.named("it")
                .requires(Capability.SAMPLING)
                .answering(
                    _ -> {
                      ran.set(true);
                      return text("ran");
                    }));

    RpcError error = Client.failed(new Client(server).call("it", "{}"));
    assertThat(error.code()).isEqualTo(RpcError.MISSING_CAPABILITY);
    assertThat(error.data().orElseThrow().text())
        .isEqualTo("{\"requiredCapabilities\":{\"sampling\":{}}}");
    assertThat(ran).isFalse();
    assertThat(Client.text(new Client(server).able("{\"sampling\":{}}").call("it", "{}")))
        .contains("ran");
  }

  @Test
  void tools_keep_their_order_over_pages_and_a_foreign_cursor_is_refused() {
    // FE-03, FE-15
    McpServer server =
        McpServer.named("test", "1")
            .limits(Limits.standard().withPageSize(2))
            .tool(Tool.named("c").answering(_ -> text("")))
            .tool(Tool.named("a").answering(_ -> text("")))
            .tool(Tool.named("b").answering(_ -> text("")))
            .build();
    Client client = new Client(server);

    JsonObject first = Client.complete(client.request("tools/list", "{}"));
    String cursor = first.string("nextCursor").orElseThrow();
    JsonObject second =
        Client.complete(client.request("tools/list", "{\"cursor\":\"" + cursor + "\"}"));

    assertThat(names(first)).containsExactly("c", "a");
    assertThat(names(second)).containsExactly("b");
    assertThat(second.has("nextCursor")).isFalse();
    for (String wrong : List.of("\"\"", "\"x\"", "7", "null", "\"" + cursor + "x\"")) {
      assertThat(Client.failed(client.request("tools/list", "{\"cursor\":" + wrong + "}")).code())
          .as(wrong)
          .isEqualTo(RpcError.INVALID_PARAMS);
    }
  }

  private static List<String> names(JsonObject result) {
    return result.array("tools").orElseThrow().stream()
        .map(tool -> tool.asObject().orElseThrow().string("name").orElseThrow())
        .toList();
  }

  @Test
  void lists_say_how_long_they_may_be_kept() {
    // CA-01
    McpServer server =
        McpServer.named("test", "1")
            .tool(ADD)
            .listsCached(Duration.ofMinutes(1), CacheScope.PUBLIC)
            .build();

    assertThat(Client.text(new Client(server).request("tools/list", "{}")))
        .endsWith("\"ttlMs\":60000,\"cacheScope\":\"public\"}");
    assertThat(Client.text(new Client(serving(ADD)).request("tools/list", "{}")))
        .doesNotContain("ttlMs");
  }

  @Test
  void progress_carries_the_clients_token_and_only_rises() throws InterruptedException {
    // PR-01, PR-03
    McpServer server =
        serving(
            tool(
                call -> {
                  call.progress(0, 100, "");
                  call.progress(50.5, 100, "half");
                  call.progress(20, 100, "backwards");
                  call.progress(100, "no total");
                  return text("done");
                }));
    Client client = new Client(server).progressing(Json.of("t1"));

    Client.complete(client.call("it", "{}"));

    assertThat(client.next().params().toJson().text())
        .isEqualTo("{\"progressToken\":\"t1\",\"progress\":0,\"total\":100}");
    assertThat(client.next().params().toJson().text())
        .isEqualTo(
            "{\"progressToken\":\"t1\",\"progress\":50.5,\"total\":100,\"message\":\"half\"}");
    assertThat(client.next().params().toJson().text())
        .isEqualTo("{\"progressToken\":\"t1\",\"progress\":100,\"message\":\"no total\"}");
    assertThat(client.heard).isEmpty();
  }

  @Test
  void without_a_token_there_is_no_progress() {
    Client client =
        new Client(
            serving(
                tool(
                    call -> {
                      call.progress(1, 2, "");
                      return text("done");
                    })));

    Client.complete(client.call("it", "{}"));

    assertThat(client.heard).isEmpty();
  }

  @Test
  void a_flood_of_progress_is_thinned() {
    // PR-05
    Client client =
        new Client(
                serving(
                    tool(
                        call -> {
                          for (int i = 0; i < 5_000; i++) {
                            call.progress(i, "");
                          }
                          return text("done");
                        })))
            .progressing(Json.of(1));

    Client.complete(client.call("it", "{}"));

    assertThat(client.heard).hasSizeBetween(100, 1_000);
  }

  @Test
  void log_messages_reach_a_client_that_asked_for_their_level() throws InterruptedException {
    // FE-16
    McpServer server =
        serving(
            tool(
                call -> {
                  call.log(LogLevel.DEBUG, "quiet");
                  call.log(LogLevel.WARNING, "loud");
                  call.log(LogLevel.ERROR, Json.of(7));
                  return text("done");
                }));
    Client client = new Client(server).logging("warning");
    Client silent = new Client(server);

    Client.complete(client.call("it", "{}"));
    Client.complete(silent.call("it", "{}"));

    assertThat(client.next().params().toJson().text())
        .isEqualTo("{\"level\":\"warning\",\"data\":\"loud\"}");
    assertThat(client.next().params().toJson().text())
        .isEqualTo("{\"level\":\"error\",\"data\":7}");
    assertThat(client.heard).isEmpty();
    assertThat(silent.heard).isEmpty();
  }

  @Test
  void cancelling_interrupts_the_code_and_runs_what_it_registered() throws InterruptedException {
    // CN-02
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Client client =
        new Client(
            serving(
                tool(
                    call -> {
                      try (var _ = call.onCancel(told::countDown)) {
                        started.countDown();
                        new CountDownLatch(1).await();
                      } catch (InterruptedException wanted) {
                        if (call.isCancelled()) {
                          interrupted.countDown();
                        }
                        throw wanted;
                      }
                      return text("never");
                    })));
    Thread canceller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    started.await();
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                  client.cancellation.cancel();
                });

    assertThat(client.call("it", "{}")).isInstanceOf(Outcome.Cancelled.class);
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    canceller.join();
  }

  @Test
  void a_call_that_is_cancelled_ends_even_when_the_code_does_not_listen()
      throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Client client =
        new Client(
            serving(
                tool(
                    call -> {
                      client(call);
                      awaitStubbornly(release);
                      call.log(LogLevel.INFO, "too late");
                      ended.countDown();
                      return text("never");
                    })));
    client.logging("debug");
    client.cancellation.cancel();

    assertThat(client.call("it", "{}")).isInstanceOf(Outcome.Cancelled.class);
    release.countDown();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.heard).isEmpty();
  }

  private static void client(Call call) {
    assertThat(call.client().capabilities().isEmpty()).isTrue();
  }

  /** Code that does not stop when it is told to. */
  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void nothing_reaches_the_client_once_the_call_is_done() throws InterruptedException {
    // PR-02
    AtomicReference<Call> kept = new AtomicReference<>();
    Client client =
        new Client(
                serving(
                    tool(
                        call -> {
                          kept.set(call);
                          return text("done");
                        })))
            .progressing(Json.of(1));

    Client.complete(client.call("it", "{}"));
    kept.get().progress(1, "late");

    assertThat(client.heard).isEmpty();
  }

  @Test
  void closing_the_stream_is_a_wish_to_the_edge() throws InterruptedException {
    // LH-09
    Client client =
        new Client(
            serving(
                tool(
                    call -> {
                      call.closeStream();
                      return text("done");
                    })));

    Client.complete(client.call("it", "{}"));

    assertThat(client.closed).hasValue(1);
  }

  @Test
  void the_caller_and_vendor_metadata_are_there_for_the_code() {
    Client client =
        new Client(
            serving(
                tool(
                    call ->
                        text(
                            call.caller().subject()
                                + call.meta().string("example.com/k").orElse("")))));

    assertThat(
            Client.text(
                client.request(
                    "tools/call", "{\"name\":\"it\",\"_meta\":{\"example.com/k\":\"v\"}}")))
        .contains("somebodyv");
  }

  @Test
  void a_server_without_tools_has_no_tool_methods() {
    Client client = new Client(McpServer.named("test", "1").build());

    for (String method :
        List.of("tools/list", "tools/call", "prompts/list", "resources/read", "ping", "no/such")) {
      assertThat(Client.failed(client.request(method, "{}")).code())
          .as(method)
          .isEqualTo(RpcError.METHOD_NOT_FOUND);
    }
  }

  @Test
  void discovery_says_who_it_is_and_what_it_offers() {
    McpServer server =
        McpServer.named("test", "1.2").titled("Test").instructions("Use it well").tool(ADD).build();

    assertThat(Client.text(new Client(server).request("server/discover", "{}")))
        .isEqualTo(
            """
            {"capabilities":{"logging":{},"tools":{"listChanged":true}},"instructions":"Use it well",\
            "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"test","version":"1.2","title":"Test"}}}\
            """);
  }
}
