package dev.sallyport.downstream.legacy;

import static dev.sallyport.downstream.ScriptedHandler.notification;
import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.legacy.Wire.Answer;
import dev.sallyport.downstream.legacy.Wire.Sent;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP+SSE over real sockets: how much there may be of it, and that nothing of it stays behind. */
@Timeout(60)
final class SseLimitsWireTest {
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}";
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}";
  private static final String DONE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"done\":true}}";
  private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[]}}";
  private static final String PONG = "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}";

  /** What serves a request or a stream, carries out a call, or listens for changes. */
  private static final Pattern OURS = Pattern.compile("\"(http-\\d+|sse-request|legacy-listen)\"");

  private static final int TAKEN_IN = 16;

  @TempDir Path folder;
  private int dumps;

  @Test
  void a_caller_has_so_many_sessions_over_whatever_transport() throws Exception { // T44
    EndpointOptions one = SseWireTest.OPTIONS.withSessions(SessionLimitsOf.sessions(1, 10));
    try (LegacyServer server = new LegacyServer(one)) {
      SseClient first = SseClient.open(server, "2024-11-05", "{}");
      Answer second = server.exchange(SseClient.get());
      assertThat(second.status()).isEqualTo(429);
      assertThat(second.field("Retry-After")).isPresent();
      Sent streamable = Sent.post(LegacyServer.initialize("2025-11-25", "{}"));
      assertThat(server.exchange(streamable).status()).isEqualTo(429);
      SseClient.connect(server, server.connect(), "bert").close();

      server.clock.advance(Duration.ofHours(5));
      assertThat(server.exchange(SseClient.get()).status()).isEqualTo(429);
      first.take(LIST);
      assertThat(first.next()).as("who has a stream is never idle").isEqualTo(LISTED);
      first.close();
      awaitGone(first);

      assertThat(server.exchange(streamable).status()).isEqualTo(200);
    }
  }

  @Test
  void a_request_too_many_is_told_so_on_the_stream_and_ends_nothing() throws Exception { // SH-23
    CountDownLatch go = new CountDownLatch(1);
    try (LegacyServer server = new LegacyServer(SseWireTest.OPTIONS.withCalls(requests(1)));
        SseClient client = SseClient.open(server, "2024-11-05", "{}")) {
      server.handler.on(
          "tools/call",
          _ -> {
            LegacySessionTest.await(go);
            return done();
          });
      client.take(CALL);
      client.take(LIST);
      assertThat(client.next()).contains("\"id\":2", "429");

      go.countDown();
      assertThat(client.next()).isEqualTo(DONE);
      client.take(LIST);
      assertThat(client.next()).isEqualTo(LISTED);
    }
  }

  // ---- a slow stream

  @Test
  void who_writes_waits_for_a_slow_client_and_further_messages_are_not_taken() throws Exception {
    AtomicInteger told = new AtomicInteger();
    CountDownLatch stop = new CountDownLatch(1);
    try (LegacyServer server = new LegacyServer(SseWireTest.OPTIONS);
        Wire narrow = Wire.narrow(server.listener.address());
        SseClient client = SseClient.connect(server, narrow, "anna")) {
      server.handler.on("tools/call", exchange -> tellsUntil(stop, told, exchange));
      client.handshake("2025-11-25", "{}");
      client.take(CALL);
      int stuck = awaitStuck(told);
      LinkedBlockingQueue<Integer> statuses = new LinkedBlockingQueue<>(TAKEN_IN + 4);
      for (int i = 0; i < TAKEN_IN + 4; i++) {
        Thread.ofVirtual().start(() -> statuses.add(status(client, PING)));
      }
      for (int i = 0; i < 4; i++) { // the others wait to be answered
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).isEqualTo(429);
      }
      assertThat(told).as("nothing more was said meanwhile").hasValue(stuck);

      stop.countDown();
      for (int pongs = 0; pongs < TAKEN_IN; ) {
        pongs += client.next().equals(PONG) ? 1 : 0;
      }
      for (int i = 0; i < TAKEN_IN; i++) {
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).isEqualTo(202);
      }
      assertThat(client.post(LIST).status()).isEqualTo(202);
    }
  }

  @Test
  void a_client_that_reads_nothing_is_given_up() throws Exception {
    Duration brief = Duration.ofMillis(500);
    ListenOptions impatient =
        ListenOptions.at("127.0.0.1", 0).withDeadlines(brief, brief, Duration.ofMinutes(1), brief);
    CountDownLatch never = new CountDownLatch(1);
    LinkedBlockingQueue<Exchange> calls = new LinkedBlockingQueue<>(1);
    try (LegacyServer server = new LegacyServer(SseWireTest.OPTIONS, impatient);
        Wire narrow = Wire.narrow(server.listener.address());
        SseClient client = SseClient.connect(server, narrow, "anna")) {
      server.handler.on(
          "tools/call",
          exchange -> {
            calls.add(exchange);
            return tellsUntil(never, new AtomicInteger(), exchange);
          });
      client.handshake("2025-11-25", "{}");
      client.take(CALL);
      LegacySessionTest.await(SseEndWireTest.released(calls.take()));
      awaitGone(client);
    }
  }

  // ---- what stays behind

  @Test
  void a_hundred_sessions_that_were_left_in_mid_call_leave_nothing_behind() throws Exception {
    EndpointOptions two = SseWireTest.OPTIONS.withSessions(SessionLimitsOf.sessions(2, 2));
    Subscribable changing = new Subscribable();
    try (LegacyServer server = new LegacyServer(two)) {
      server.handler.answer(
          "server/discover", "{\"capabilities\":{\"tools\":{\"listChanged\":true}}}");
      changing.handles(server.handler);
      LinkedBlockingQueue<Exchange> calls = new LinkedBlockingQueue<>(1);
      server.handler.on(
          "tools/call",
          exchange -> {
            calls.add(exchange);
            LegacySessionTest.awaitCancelled(exchange, Duration.ofSeconds(10));
            return new Outcome.Cancelled();
          });
      List<CountDownLatch> released = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        SseClient client = SseClient.open(server, "2024-11-05", "{}");
        changing.next();
        client.take(CALL);
        released.add(SseEndWireTest.released(calls.take()));
        if (i == 0) {
          assertThat(living()).as("its stream, its call and its subscription").hasSize(3);
        }
        client.close();
        awaitGone(client);
      }
      for (CountDownLatch each : released) {
        LegacySessionTest.await(each);
      }
      awaitNoThreads();
    }
  }

  /** Threads that were told to end may take a moment. */
  private void awaitNoThreads() throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    List<String> living = living();
    while (!living.isEmpty() && System.nanoTime() < end) {
      living = living();
    }
    assertThat(living).isEmpty();
  }

  /** Only a dump shows virtual threads. */
  private List<String> living() throws IOException {
    Path dump = folder.resolve("threads-" + dumps++);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
    try (Stream<String> lines = Files.lines(dump)) {
      return lines.filter(line -> line.startsWith("#") && OURS.matcher(line).find()).toList();
    }
  }

  // ---- hands

  /** Says a lot until it is told to stop or nobody wants it any more. */
  private static Outcome tellsUntil(CountDownLatch stop, AtomicInteger told, Exchange exchange) {
    String params = "{\"level\":\"info\",\"data\":\"" + "x".repeat(60_000) + "\"}";
    while (stop.getCount() > 0 && !exchange.cancellation().isCancelled()) {
      exchange.notify(notification("notifications/message", params));
      told.incrementAndGet();
    }
    return done();
  }

  /** Waits until nothing has been said for a while. */
  private static int awaitStuck(AtomicInteger told) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    int before = 0;
    while (before == 0 || told.get() != before) {
      before = told.get();
      assertThat(never.await(1, TimeUnit.SECONDS)).isFalse();
    }
    return before;
  }

  /** Waits until nobody knows the session any more. */
  private static void awaitGone(SseClient client) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    int status = status(client, PING);
    while (status != 404 && System.nanoTime() < end) {
      status = status(client, PING);
    }
    assertThat(status).isEqualTo(404);
  }

  private static int status(SseClient client, String body) {
    try {
      return client.post(body).status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CallLimits requests(int perCaller) {
    CallLimits all = CallLimits.DEFAULT;
    return new CallLimits(
        perCaller,
        all.total(),
        all.listensPerCaller(),
        all.listens(),
        all.stateLife(),
        all.stateLength(),
        all.schemaCallers(),
        all.schemaLife());
  }

  private static Outcome done() {
    return new Outcome.Complete(object("{\"done\":true}"));
  }
}
