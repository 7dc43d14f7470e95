package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.transport.sse.EventParser;
import dev.sallyport.transport.sse.ServerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class EventStreamWireTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void a_stream_says_what_it_is_and_that_nobody_may_buffer_it() throws Exception {
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty().with("Mcp-Session-Id", "s"));
                  events.send(event("{}"));
                  events.end();
                });
        RawClient client = listening.client()) {
      RawClient.Reply reply = client.request("POST", "/", "x").reply();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.fields())
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-cache, no-transform")
          .containsEntry("x-accel-buffering", "no")
          .containsEntry("mcp-session-id", "s")
          .containsKey("date");
      assertThat(reply.body()).isEqualTo("data: {}\n\n");
      assertThat(client.request("POST", "/", "x").reply().status())
          .as("and the connection is used again")
          .isEqualTo(200);
    }
  }

  @Test
  void the_head_is_sent_before_the_first_event() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  await(go);
                  events.send(event("first"));
                  events.end();
                });
        RawClient client = listening.client()) {
      assertThat(client.request("GET", "/", "").head().status()).isEqualTo(200);
      go.countDown();
      assertThat(client.chunk()).isEqualTo("data: first\n\n");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void ids_retry_times_and_line_breaks_are_written_so_that_they_are_read_again() throws Exception {
    byte[] pretty = "{\r\n  \"a\":\n\t\"é\"\r}".getBytes(UTF_8);
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(
                      new EventStream.Event(
                          Optional.of("7:1"), OptionalLong.of(2500), new byte[0]));
                  events.send(
                      new EventStream.Event(Optional.of("7:2"), OptionalLong.empty(), pretty));
                  events.send(event("x".repeat(300_000)));
                  events.end();
                });
        RawClient client = listening.client()) {
      EventParser parser = new EventParser(1_000_000);
      List<ServerEvent> events = new ArrayList<>();
      parser.feed(
          client
              .request("POST", "/", "x")
              .reply()
              .body()
              .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
          events::add);
      assertThat(events).hasSize(3);
      assertThat(events.get(0).data()).isEmpty();
      assertThat(events.get(0).lastEventId()).isEqualTo("7:1");
      assertThat(parser.retryMillis()).hasValue(2500);
      assertThat(new String(events.get(1).data(), UTF_8)).isEqualTo("{    \"a\": \t\"é\" }");
      assertThat(events.get(1).lastEventId()).isEqualTo("7:2");
      assertThat(events.get(2).data()).hasSize(300_000);
    }
  }

  @Test
  void an_event_of_a_type_says_so() throws Exception {
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(EventStream.Event.of("endpoint", "/a?b=c".getBytes(UTF_8)));
                  events.send(event("{}"));
                  events.end();
                });
        RawClient client = listening.client()) {
      assertThat(client.request("GET", "/", "").reply().body())
          .isEqualTo("event: endpoint\ndata: /a?b=c\n\ndata: {}\n\n");
    }
  }

  @Test
  void an_id_or_a_type_that_would_be_two_lines_is_refused() {
    for (String text : List.of("a\nb", "a\rb", "a\0b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new EventStream.Event(Optional.of(text), OptionalLong.empty(), new byte[0]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EventStream.Event.of(text, new byte[0]));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new EventStream.Event(Optional.empty(), OptionalLong.of(-1), new byte[0]));
  }

  @Test
  void events_of_many_threads_arrive_whole_and_those_of_one_in_order() throws Exception {
    int threads = 8;
    int each = 200;
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  List<Thread> senders = new ArrayList<>();
                  for (int t = 0; t < threads; t++) {
                    String filler = Character.toString('a' + t).repeat(1 + t * 3000);
                    senders.add(
                        Thread.startVirtualThread(
                            () -> {
                              for (int n = 0; n < each; n++) {
                                events.send(event(n + filler));
                              }
                            }));
                  }
                  senders.forEach(EventStreamWireTest::join);
                  events.end();
                });
        RawClient client = listening.client()) {
      String[] events = client.request("POST", "/", "x").reply().body().split("\n\n");
      assertThat(events).hasSize(threads * each);
      int[] next = new int[threads];
      for (String event : events) {
        assertThat(event).matches("data: \\d+([a-h])\\1*");
        int thread = event.charAt(event.length() - 1) - 'a';
        assertThat(event).startsWith("data: " + next[thread] + (char) ('a' + thread));
        assertThat(event).hasSize(7 + thread * 3000 + String.valueOf(next[thread]++).length());
      }
    }
  }

  @Test
  void a_stream_that_has_ended_takes_nothing_more() throws Exception {
    CountDownLatch checked = new CountDownLatch(1);
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  assertThat(events.send(event("one"))).isTrue();
                  events.end();
                  assertThat(events.send(event("two"))).isFalse();
                  events.end();
                  checked.countDown();
                });
        RawClient client = listening.client()) {
      assertThat(client.request("POST", "/", "x").reply().body()).isEqualTo("data: one\n\n");
      await(checked);
    }
  }

  @Test
  void a_quiet_stream_gets_a_comment_and_again_one() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ListenOptions options = Listening.options().withKeepAlive(Duration.ofMillis(30));
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  await(go);
                  events.send(event("one"));
                  events.end();
                });
        RawClient client = listening.client()) {
      client.request("GET", "/", "").head();
      assertThat(client.chunk()).isEqualTo(":\n\n");
      assertThat(client.chunk()).isEqualTo(":\n\n");
      go.countDown();
      String rest = "";
      for (String chunk = client.chunk(); !chunk.isEmpty(); chunk = client.chunk()) {
        rest += chunk;
      }
      assertThat(rest).matches("(:\n\n)*data: one\n\n");
    }
  }

  @Test
  void a_busy_stream_gets_none() throws Exception {
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  for (int i = 0; i < 100; i++) {
                    events.send(event("x"));
                  }
                  events.end();
                });
        RawClient client = listening.client()) {
      assertThat(client.request("GET", "/", "").reply().body()).doesNotContain(":\n");
    }
  }

  @Test
  void small_events_do_not_wait_for_each_other_to_be_acknowledged() throws Exception {
    // With Nagle's algorithm the second and the third event of each answer would wait for the
    // acknowledgement of the one before, which a kernel delays by 40 ms.
    int answers = 25;
    Semaphore next = new Semaphore(0);
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  for (int i = 0; i < 3; i++) {
                    next.acquireUninterruptibly();
                    events.send(event("{\"n\":" + i + "}"));
                  }
                  events.end();
                });
        RawClient client = listening.client()) {
      List<Long> nanos = new ArrayList<>();
      for (int answer = 0; answer < answers; answer++) {
        long start = System.nanoTime();
        client.request("POST", "/", "x").head();
        for (int i = 0; i < 3; i++) {
          next.release();
          assertThat(client.chunk()).contains("{\"n\":" + i + "}");
        }
        assertThat(client.chunk()).isEmpty();
        nanos.add(System.nanoTime() - start);
      }
      nanos.sort(null);
      assertThat(Duration.ofNanos(nanos.get(answers / 2))).isLessThan(Duration.ofMillis(20));
    }
  }

  @Test
  void http_1_0_gets_events_without_chunks_until_the_end_of_the_connection() throws Exception {
    try (Listening listening =
            Listening.to(
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(event("one"));
                  events.end();
                });
        RawClient client = listening.client()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
      RawClient.Reply reply = client.reply();
      assertThat(reply.fields()).doesNotContainKeys("transfer-encoding", "content-length");
      assertThat(reply.body()).isEqualTo("data: one\n\n");
    }
  }

  @Test
  void a_peer_that_reads_nothing_holds_the_sender_back_and_then_is_given_up() throws Exception {
    ListenOptions options =
        Listening.options().withDeadlines(LONG, LONG, LONG, Duration.ofMillis(300));
    Semaphore sent = new Semaphore(0);
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  call.disconnected().onCancel(told::countDown);
                  EventStream events = call.stream(HttpFields.empty());
                  EventStream.Event kilobytes = event("x".repeat(32_000));
                  while (events.send(kilobytes)) {
                    sent.release();
                  }
                  over.countDown();
                });
        RawClient slow = RawClient.narrow(listening.address());
        RawClient other = listening.client()) {
      slow.request("POST", "/", "x").head();
      await(over);
      await(told);
      // What the kernel's buffers took, and the window: nowhere near what a thread can produce.
      assertThat(sent.availablePermits() * 32_000L).isLessThan(12_000_000);
      assertThat(other.request("HEAD", "/", "").head().status()).isEqualTo(200);
    }
  }

  @Test
  void a_peer_that_reads_slowly_gets_everything() throws Exception {
    ListenOptions options =
        Listening.options().withDeadlines(LONG, LONG, LONG, Duration.ofSeconds(5));
    byte[] large = "y".repeat(8_000_000).getBytes(UTF_8);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(EventStream.Event.of(large));
                  events.end();
                });
        RawClient slow = RawClient.narrow(listening.address())) {
      assertThat(slow.request("POST", "/", "x").reply().body()).hasSize(large.length + 8);
    }
  }

  @Test
  void a_vanished_peer_is_noticed_by_the_comments_alone() throws Exception {
    ListenOptions options =
        Listening.options()
            .withKeepAlive(Duration.ofMillis(50))
            .withDeadlines(LONG, LONG, LONG, Duration.ofMillis(100));
    CountDownLatch told = new CountDownLatch(1);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  call.disconnected().onCancel(told::countDown);
                  EventStream events = call.stream(HttpFields.empty());
                  // Fills the buffers up to where the next send would block, and waits.
                  CountDownLatch full = new CountDownLatch(1);
                  Thread.startVirtualThread(
                      () -> {
                        while (events.send(event("x".repeat(60_000)))) {
                          Thread.onSpinWait();
                        }
                        full.countDown();
                      });
                  await(full);
                  await(told);
                });
        RawClient silent = RawClient.narrow(listening.address())) {
      silent.request("POST", "/", "x").head();
      await(told);
    }
  }

  private static EventStream.Event event(String data) {
    return EventStream.Event.of(data.getBytes(UTF_8));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
