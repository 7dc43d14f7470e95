package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.stdio.StdioOptions;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flow in front of a pipe: who calls, and that the first refusal ends it here too. */
final class GatewayStdioTest {
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"t","_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
      """;

  private final List<Exchange> called = Collections.synchronizedList(new ArrayList<>());

  @Test
  void the_caller_on_a_pipe_is_the_local_user() throws JsonException {
    List<JsonObject> answers = serve(Limits.Bounds.DEFAULT, CALL.formatted(1));

    assertThat(answers).singleElement().matches(answer -> answer.has("result"));
    assertThat(called)
        .singleElement()
        .satisfies(exchange -> assertThat(exchange.caller().issuer()).isEqualTo("local"))
        .satisfies(exchange -> assertThat(exchange.caller().subject()).isEqualTo("somebody"));
  }

  @Test
  void who_comes_too_often_on_a_pipe_is_turned_away_and_reaches_no_server() throws JsonException {
    List<JsonObject> answers =
        serve(new Limits.Bounds(1, 1, 1), CALL.formatted(1) + CALL.formatted(2));

    assertThat(answers).hasSize(2);
    assertThat(answers)
        .filteredOn(answer -> answer.has("error"))
        .singleElement()
        .matches(
            answer ->
                answer
                    .object("error")
                    .flatMap(error -> error.string("message"))
                    .orElseThrow()
                    .contains("Too many requests"));
    assertThat(called).hasSize(1);
  }

  private List<JsonObject> serve(Limits.Bounds limits, String input) throws JsonException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Gateway.overStdio(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            StdioOptions.DEFAULT,
            limits,
            this::answer,
            "somebody")
        .run();
    List<JsonObject> answers = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      answers.add(Json.parse(line).asObject().orElseThrow());
    }
    return answers;
  }

  private Outcome answer(Exchange exchange) {
    if (exchange.method().equals("tools/call")) {
      called.add(exchange);
    }
    return new Outcome.Complete(
        JsonObject.of(
            "_meta",
            JsonObject.of("io.modelcontextprotocol/serverInfo", JsonObject.EMPTY.toJson())
                .toJson()));
  }
}
