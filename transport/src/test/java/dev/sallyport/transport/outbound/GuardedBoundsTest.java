package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.transport.http.Identity;
import dev.sallyport.transport.http.Identity.Validity;
import dev.sallyport.transport.outbound.FetchOutcome.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a guarded fetch takes at most, how much it reads, and how many there are. */
class GuardedBoundsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final FetchBounds SHORT = FetchBounds.DEFAULT.withWhole(Duration.ofMillis(700));

  @TempDir static Path folder;
  private static Identity authority;
  private static Identity server;

  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void makeIdentities() throws Exception {
    authority = Identity.authority(folder, "authority");
    server = authority.issue(folder, "a.example", Validity.ALWAYS);
  }

  private static Guarded guarded(Peer peer) throws Exception {
    return new Guarded(authority.files().certificate(), peer.port())
        .named("a.example", "127.0.0.1");
  }

  private static Guarded loaded(Peer peer, int most, int line, int aMinute) throws Exception {
    return new Guarded(
            authority.files().certificate(),
            Set.of(peer.port()),
            options -> options.withLoad(most, line, aMinute))
        .named("a.example", "127.0.0.1");
  }

  private static String url(Peer peer) {
    return "https://a.example:" + peer.port() + "/";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: quiet\n\n"
      })
  void an_answer_that_does_not_come_in_time_is_given_up(String beginning) throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  line.send(beginning).awaitEnd();
                  left.countDown();
                });
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url(peer), SHORT).reason()).isEqualTo(Reason.TOO_SLOW);
      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_answer_that_drips_has_no_more_time_than_another() throws Exception {
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  CountDownLatch never = new CountDownLatch(1);
                  while (!never.await(20, TimeUnit.MILLISECONDS)) {
                    line.send("1\r\nx\r\n");
                  }
                });
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url(peer), SHORT).reason()).isEqualTo(Reason.TOO_SLOW);
    }
  }

  @Test
  void redirects_share_one_time() throws Exception {
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  CountDownLatch never = new CountDownLatch(1);
                  for (String next = line.request(); !next.isEmpty(); next = line.request()) {
                    never.await(300, TimeUnit.MILLISECONDS);
                    line.send(
                        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /again\r\n\r\n");
                  }
                });
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url(peer), SHORT.withRedirects(100)).reason())
          .isEqualTo(Reason.TOO_SLOW);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
  void a_body_has_a_bound_to_the_byte(String framing) throws Exception {
    String body = "x".repeat(1000);
    String sent = framing.startsWith("C") ? body : "3e8\r\n" + body + "\r\n0\r\n\r\n";
    try (Peer peer =
            Guarded.peer(
                server, Guarded.script(seen, "HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n" + sent));
        Guarded guarded = guarded(peer)) {
      FetchOutcome enough = guarded.get(url(peer), FetchBounds.DEFAULT.withMostBytes(1000));
      assertThat(enough)
          .isInstanceOfSatisfying(
              FetchOutcome.Document.class, document -> assertThat(document.body()).hasSize(1000));
      assertThat(guarded.refused(url(peer), FetchBounds.DEFAULT.withMostBytes(999)).reason())
          .isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void a_body_without_an_end_is_cut_off() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  try {
                    line.send("HTTP/1.1 200 OK\r\n\r\n");
                    for (int sent = 0; sent < 1_000_000_000; sent += 100_000) {
                      line.send(new byte[100_000]);
                    }
                  } finally {
                    left.countDown();
                  }
                });
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.TOO_LARGE);
      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_endless_head_is_no_answer() throws Exception {
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  line.send("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000)).awaitEnd();
                });
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.UNREACHED);
    }
  }

  @Test
  void only_so_many_are_in_progress_and_only_so_many_wait() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  both.countDown();
                  go.await();
                  line.send(OK).awaitEnd();
                });
        Guarded guarded = loaded(peer, 2, 1, 100)) {
      List<Future<FetchOutcome>> served =
          List.of(
              threads.submit(() -> guarded.get(url(peer))),
              threads.submit(() -> guarded.get(url(peer))));
      assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
      // One waits for a turn that does not come; nobody waits beside it.
      Future<FetchOutcome> waits = threads.submit(() -> guarded.refused(url(peer), SHORT));
      assertThat(waits.get())
          .isInstanceOfSatisfying(
              FetchOutcome.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.BUSY));
      go.countDown();
      for (Future<FetchOutcome> each : served) {
        assertThat(each.get()).isInstanceOf(FetchOutcome.Document.class);
      }
    }
  }

  @Test
  void who_finds_the_line_full_does_not_wait() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  arrived.countDown();
                  go.await();
                  line.send(OK).awaitEnd();
                });
        Guarded guarded = loaded(peer, 1, 0, 100)) {
      Future<FetchOutcome> served = threads.submit(() -> guarded.get(url(peer)));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

      FetchBounds patient = FetchBounds.DEFAULT.withWhole(Duration.ofHours(1));
      assertThat(guarded.refused(url(peer), patient).reason()).isEqualTo(Reason.BUSY);
      go.countDown();
      assertThat(served.get()).isInstanceOf(FetchOutcome.Document.class);
    }
  }

  @Test
  void only_so_many_are_made_in_a_minute_redirects_among_them() throws Exception {
    try (Peer peer =
            Guarded.peer(
                server,
                Guarded.script(
                    seen,
                    "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /again\r\n\r\n",
                    OK));
        Guarded guarded = loaded(peer, 4, 4, 3)) {
      assertThat(guarded.document(url(peer)).status()).isEqualTo(200);
      assertThat(guarded.document(url(peer)).status()).isEqualTo(200);
      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.BUSY);
      guarded.putForward(Duration.ofSeconds(20));
      assertThat(guarded.document(url(peer)).status()).isEqualTo(200);
      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.BUSY);
      guarded.putForward(Duration.ofHours(1));
      for (int i = 0; i < 3; i++) {
        assertThat(guarded.document(url(peer)).status()).isEqualTo(200);
      }
      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.BUSY);
    }
  }

  @Test
  void whoever_waits_can_be_interrupted_and_the_peer_sees_the_end() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Peer peer =
            Guarded.peer(
                server,
                line -> {
                  line.request();
                  line.awaitEnd();
                  left.countDown();
                });
        Guarded guarded = loaded(peer, 1, 0, 100)) {
      Thread waiting = Thread.currentThread();
      Thread.ofVirtual()
          .start(
              () -> {
                while (peer.accepted() == 0) {
                  Thread.onSpinWait();
                }
                waiting.interrupt();
              });
      assertThatThrownBy(() -> guarded.get(url(peer))).isInstanceOf(InterruptedException.class);

      // Its turn is given back.
      assertThat(guarded.refused(url(peer), SHORT).reason()).isEqualTo(Reason.TOO_SLOW);
      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void after_the_end_nothing_is_fetched() throws Exception {
    try (Peer peer = Guarded.peer(server, Guarded.script(seen, OK));
        Guarded guarded = guarded(peer)) {
      guarded.fetch().close();

      assertThat(guarded.refused(url(peer)).reason()).isEqualTo(Reason.UNREACHED);
    }
  }
}
