package dev.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoggedFlowTest {
  private static final Outcome DONE =
      new Outcome.Complete(JsonObject.of("content", Json.of("r3sult")));
  private final Logger logger = Logger.getLogger(LoggedFlow.class.getName());
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  private final java.util.logging.Handler taking =
      new java.util.logging.Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void take() {
    logger.setUseParentHandlers(false);
    logger.addHandler(taking);
    taking.setLevel(Level.ALL);
    logger.setLevel(Level.FINE);
    Log.tellDetails(true);
  }

  @AfterEach
  void leave() {
    Log.tellDetails(false);
    logger.setLevel(null);
    logger.removeHandler(taking);
    logger.setUseParentHandlers(true);
  }

  private Handler answering(Outcome outcome) {
    return new LoggedFlow(
        _ -> {
          nanos.addAndGet(Duration.ofMillis(12).toNanos());
          return outcome;
        },
        nanos::get);
  }

  private static Exchange call(String name) {
    return exchange(
        "tools/call",
        JsonObject.of("name", Json.of(name))
            .with("arguments", JsonObject.of("q", Json.of("4rgument")).toJson()),
        Optional.empty());
  }

  private static Exchange exchange(
      String method, JsonObject params, Optional<ClientSession> session) {
    return new Exchange(
        method,
        params,
        Optional.empty(),
        new Origin(new Caller("key", "ann", "1d"), "/mcp", session, Optional.of(RpcId.of(1))),
        new ClientContext(
            ProtocolVersion.LATEST_LEGACY, JsonObject.EMPTY, Optional.empty(), Optional.empty()),
        Optional.empty(),
        ClientChannel.NONE,
        new Cancellation());
  }

  @Test
  void a_call_is_one_line_with_who_what_where_how_it_ended_and_how_long_it_took() {
    assertThat(answering(DONE).handle(call("search"))).isSameAs(DONE);

    assertThat(lines).containsExactly("tools/call \"search\" by key ann on /mcp: done after 12 ms");
  }

  @Test
  void each_ending_has_its_words_and_none_has_what_was_said() {
    List<Outcome> outcomes =
        List.of(
            new Outcome.Complete(JsonObject.of("isError", Json.TRUE)),
            new Outcome.InputRequired(List.of(), "h4ndle"),
            new Outcome.Failed(RpcError.invalidParams("m3ssage")),
            new Outcome.Refused(Refusal.of(Refusal.Reason.TOO_MANY_REQUESTS, "r3ason")),
            new Outcome.Cancelled());
    outcomes.forEach(outcome -> answering(outcome).handle(call("search")));

    assertThat(lines.stream().map(line -> line.replaceAll(".*: | after.*", "")))
        .containsExactly(
            "the tool says that it failed",
            "the client is asked",
            "error -32602",
            "refused, too many requests",
            "cancelled");
    assertThat(String.join("\n", lines))
        .doesNotContain("4rgument", "h4ndle", "m3ssage", "r3ason", "1d");
  }

  @Test
  void one_that_breaks_off_is_told_and_breaks_off() {
    Handler broken =
        new LoggedFlow(
            _ -> {
              throw new IllegalStateException("m3ssage");
            },
            nanos::get);
    assertThatThrownBy(() -> broken.handle(call("search")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(lines).hasSize(1).allMatch(line -> line.contains("broke off"));
  }

  @Test
  void a_name_is_cut_and_no_line_end_is_in_it_and_a_uri_is_not_told() {
    answering(DONE).handle(call("x".repeat(1_000)));
    answering(DONE).handle(call("a\nb"));
    answering(DONE)
        .handle(
            exchange(
                "resources/read",
                JsonObject.of("uri", Json.of("db://s3cret@host/a")),
                Optional.empty()));
    answering(DONE).handle(exchange("made/up", JsonObject.EMPTY, Optional.empty()));

    assertThat(lines.get(0)).hasSizeLessThan(200);
    assertThat(lines.get(1)).contains("a\\nb").doesNotContain("\n");
    assertThat(lines.get(2)).startsWith("resources/read by").doesNotContain("s3cret");
    assertThat(lines.get(3)).startsWith("a method of an extension by");
  }

  @Test
  void a_session_is_told_of_when_it_begins_and_when_it_ends() {
    ClientSession session = new ClientSession("s1");
    answering(DONE).handle(exchange("server/discover", JsonObject.EMPTY, Optional.of(session)));
    session.end();

    assertThat(lines)
        .containsExactly(
            "initialize by key ann on /mcp: done after 12 ms",
            "session s1 of key ann on /mcp has begun, 2025-11-25",
            "session s1 of key ann on /mcp is over");
  }

  @Test
  void without_anybody_who_wants_details_nothing_is_told_and_the_time_is_not_looked_at() {
    Handler flow =
        new LoggedFlow(
            _ -> DONE,
            () -> {
              throw new AssertionError("the clock was read");
            });
    Log.tellDetails(false);
    assertThat(flow.handle(call("search"))).isSameAs(DONE);
    Log.tellDetails(true);
    logger.setLevel(Level.INFO);
    assertThat(flow.handle(call("search"))).isSameAs(DONE);

    assertThat(lines).isEmpty();
  }

  @Test
  void what_we_ask_ourselves_is_no_request_of_a_client() {
    Exchange theirs = call("search");
    answering(DONE).handle(theirs.withOrigin(theirs.origin().ours()));

    assertThat(lines).isEmpty();
  }
}
