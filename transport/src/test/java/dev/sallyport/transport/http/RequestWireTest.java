package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // every line break here is spelled out on purpose
class RequestWireTest {
  @Test
  void a_request_is_served_with_all_of_its_head_and_body() throws Exception {
    AtomicReference<HttpCall> seen = new AtomicReference<>();
    try (Listening listening =
            Listening.to(
                call -> {
                  seen.set(call);
                  Listening.echo(call);
                });
        RawClient client = listening.client()) {
      client.send(
          "POST /mcp?a=b&c HTTP/1.1\r\n"
              + "Host: a:80\r\n"
              + "X-One:  1 \r\n"
              + "x-one: 2\r\n"
              + "Content-Length: 2\r\n\r\n"
              + "hi");
      assertThat(client.reply().body()).isEqualTo("hi");
      HttpHead head = seen.get().head();
      assertThat(head.method()).isEqualTo("POST");
      assertThat(head.path()).isEqualTo("/mcp");
      assertThat(head.query()).contains("a=b&c");
      assertThat(head.fields().all("X-ONE")).containsExactly("1", "2");
      assertThat(head.fields().first("host")).contains("a:80");
      assertThat(head.peer().getAddress().isLoopbackAddress()).isTrue();
      assertThat(head.tls()).isFalse();
      assertThat(seen.get().body()).isEqualTo("hi".getBytes(UTF_8));
      assertThat(head.toString()).doesNotContain("a=b").doesNotContain("a:80");
    }
  }

  @Test
  void one_connection_carries_many_requests_and_their_answers_have_a_date() throws Exception {
    try (Listening listening = Listening.to(Listening::echo);
        RawClient client = listening.client()) {
      for (int i = 0; i < 20; i++) {
        RawClient.Reply reply = client.request("POST", "/", "body " + i).reply();
        assertThat(reply.body()).isEqualTo("body " + i);
        assertThat(reply.fields()).doesNotContainKey("connection");
        assertThat(reply.fields().get("date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} .{8} GMT");
      }
      assertThat(listening.load().connections()).isEqualTo(1);
    }
  }

  @Test
  void requests_sent_at_once_are_answered_in_order() throws Exception {
    try (Listening listening = Listening.to(Listening::echo);
        RawClient client = listening.client()) {
      for (int i = 0; i < 50; i++) {
        client.request("POST", "/", "body " + i);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(client.reply().body()).isEqualTo("body " + i);
      }
    }
  }

  @Test
  void several_loops_share_one_port() throws Exception {
    try (Listening listening =
        Listening.with(Listening.options(), head -> Optional.empty(), Listening::echo, 3)) {
      for (int i = 0; i < 12; i++) {
        try (RawClient client = listening.client()) {
          assertThat(client.request("POST", "/", "x" + i).reply().body()).isEqualTo("x" + i);
        }
      }
    }
  }

  @Test
  void a_large_answer_arrives_whole() throws Exception {
    byte[] large = "0123456789".repeat(700_000).getBytes(UTF_8);
    try (Listening listening = Listening.to(call -> call.answer(HttpAnswer.json(200, large)));
        RawClient client = listening.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.request("GET", "/", "").reply().body())
            .isEqualTo(new String(large, UTF_8));
      }
    }
  }

  @Test
  void head_gets_the_length_and_no_body() throws Exception {
    byte[] large = new byte[200_000];
    try (Listening listening =
            Listening.to(
                call ->
                    call.answer(
                        HttpAnswer.json(200, call.body().length == 0 ? large : new byte[9])));
        RawClient client = listening.client()) {
      assertThat(client.request("HEAD", "/", "").head().fields())
          .containsEntry("content-length", "200000");
      assertThat(client.request("HEAD", "/", "x").head().fields())
          .containsEntry("content-length", "9");
      assertThat(client.request("GET", "/", "x").reply().body()).hasSize(9);
    }
  }

  @Test
  void an_answer_without_content_has_no_length() throws Exception {
    try (Listening listening = Listening.to(call -> call.answer(HttpAnswer.empty(204)));
        RawClient client = listening.client()) {
      RawClient.Reply reply = client.request("POST", "/", "x").reply();
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.fields()).doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(client.request("POST", "/", "x").reply().status()).isEqualTo(204);
    }
  }

  @Test
  void a_client_that_asks_for_it_gets_the_connection_closed() throws Exception {
    try (Listening listening = Listening.to(Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.reply().body()).isEqualTo("x");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void what_is_screened_is_answered_without_being_served_and_the_connection_stays()
      throws Exception {
    try (Listening listening =
            Listening.with(Listening.options(), RequestWireTest::refuse, Listening::echo);
        RawClient client = listening.client()) {
      for (int i = 0; i < 3; i++) {
        RawClient.Reply refused = client.request("POST", "/no", "x".repeat(100_000)).reply();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields()).containsEntry("www-authenticate", "Bearer");
        assertThat(listening.served()).isEqualTo(i);
        assertThat(client.request("POST", "/", "x").reply().body()).isEqualTo("x");
      }
    }
  }

  @Test
  void a_body_that_is_not_wanted_is_not_read_without_end() throws Exception {
    ListenOptions options = Listening.options().withBounds(1000, 2000, 10, 10);
    try (Listening listening = Listening.with(options, RequestWireTest::refuse, Listening::echo);
        RawClient client = listening.client()) {
      client.send("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(401);
      client.send("x".repeat(2000));
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void a_client_that_awaits_a_continue_gets_it_after_the_screen() throws Exception {
    try (Listening listening =
            Listening.with(Listening.options(), RequestWireTest::refuse, Listening::echo);
        RawClient client = listening.client()) {
      String fields = " HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n";
      client.send("POST /" + fields);
      assertThat(client.reply().status()).isEqualTo(100);
      assertThat(client.send("body").reply().body()).isEqualTo("body");

      client.send("POST /no" + fields);
      assertThat(client.reply().status()).isEqualTo(401);
      assertThat(client.isClosed()).as("because the body may come or not").isTrue();
    }
  }

  @Test
  void a_service_that_fails_gives_nothing_away_but_to_our_own_log() throws Exception {
    try (LogCapture screening = LogCapture.of(Reception.class);
        LogCapture serving = LogCapture.of(Serving.class);
        Listening listening =
            Listening.with(
                Listening.options(),
                head -> {
                  if (head.path().equals("/screen")) {
                    throw new IllegalStateException("secret");
                  }
                  return Optional.empty();
                },
                call -> {
                  throw new IllegalStateException("secret");
                });
        RawClient client = listening.client()) {
      for (String path : new String[] {"/screen", "/serve"}) {
        RawClient.Reply reply = client.request("POST", path, "x").reply();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).isEqualTo("Internal Server Error\n");
      }
      assertThat(screening.messages()).singleElement().asString().endsWith("secret");
      assertThat(serving.messages()).singleElement().asString().endsWith("secret");
    }
  }

  @Test
  void a_service_that_fails_in_mid_stream_breaks_it_off() throws Exception {
    try (LogCapture serving = LogCapture.of(Serving.class);
        Listening listening =
            Listening.to(
                call -> {
                  call.stream(HttpFields.empty()).send(EventStream.Event.of("{}".getBytes(UTF_8)));
                  throw new IllegalStateException("secret");
                });
        RawClient client = listening.client()) {
      client.request("POST", "/", "x").head();
      String rest = client.rest();
      assertThat(rest).doesNotContain("secret").doesNotEndWith("0\r\n\r\n");
      assertThat(serving.messages()).hasSize(1);
    }
  }

  @Test
  void a_service_that_answers_nothing_or_leaves_a_stream_open_is_helped_out() throws Exception {
    try (Listening listening =
            Listening.to(
                call -> {
                  if (call.head().path().equals("/stream")) {
                    call.stream(HttpFields.empty())
                        .send(EventStream.Event.of("{}".getBytes(UTF_8)));
                  }
                });
        RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "x").reply().status()).isEqualTo(500);
      assertThat(client.request("POST", "/stream", "x").reply().body()).isEqualTo("data: {}\n\n");
      assertThat(client.request("POST", "/", "x").reply().status()).isEqualTo(500);
    }
  }

  @Test
  void a_request_is_answered_once() throws Exception {
    BlockingQueue<String> outcome = new LinkedBlockingQueue<>();
    CountDownLatch done = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  Listening.echo(call);
                  assertThatIllegalStateException().isThrownBy(() -> Listening.echo(call));
                  assertThatIllegalStateException()
                      .isThrownBy(() -> call.stream(HttpFields.empty()));
                  outcome.add("refused");
                  done.countDown();
                });
        RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "x").reply().body()).isEqualTo("x");
      assertThat(outcome.poll(10, TimeUnit.SECONDS)).isEqualTo("refused");
    }
  }

  @Test
  void an_answer_cannot_say_how_it_is_framed_or_smuggle_a_field() {
    for (String framing : new String[] {"Content-Length", "transfer-encoding", "Connection"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HttpAnswer.empty(200).with(framing, "1"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpAnswer.empty(200).with("X", "a\r\nSet-Cookie: evil"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpAnswer.empty(200).with("X\r\nY", "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> HttpAnswer.empty(100));
  }

  private static Optional<HttpAnswer> refuse(HttpHead head) {
    return head.path().equals("/no")
        ? Optional.of(HttpAnswer.empty(401).with("WWW-Authenticate", "Bearer"))
        : Optional.empty();
  }
}
