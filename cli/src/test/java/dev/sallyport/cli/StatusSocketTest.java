package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusSocketTest {
  @TempDir Path data;

  private Path sockets() {
    return data.resolve("run");
  }

  private Path otherProgram(String process) throws IOException {
    return Files.createDirectories(sockets()).resolve(process + ".sock");
  }

  private static ServerSocketChannel bound(Path file) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return channel.bind(UnixDomainSocketAddress.of(file));
  }

  @Test
  void whoever_asks_is_told_anew_each_time() throws Exception {
    StringBuilder status = new StringBuilder("one");
    try (StatusSocket _ = StatusSocket.open(data, status::toString)) {
      assertThat(StatusSocket.ask(data)).containsExactly(new StatusSocket.Answer.Told("one"));
      status.append(" and two");
      assertThat(StatusSocket.ask(data))
          .containsExactly(new StatusSocket.Answer.Told("one and two"));
    }
  }

  /** A socket is refused between its binding and its listening, as if nobody served it. */
  @Test
  void whoever_asks_while_it_opens_does_not_remove_it() throws Exception {
    AtomicReference<Path> opening = new AtomicReference<>(data);
    AtomicBoolean over = new AtomicBoolean();
    Thread asking = Thread.ofPlatform().start(() -> askUntil(over, opening));
    try {
      for (int i = 0; i < 500; i++) {
        Path each = data.resolve("data-" + i);
        opening.set(each);
        try (StatusSocket _ = StatusSocket.open(each, () -> "here")) {
          assertThat(StatusSocket.ask(each)).isNotEmpty();
        }
      }
    } finally {
      over.set(true);
      asking.join();
    }
  }

  private static void askUntil(AtomicBoolean over, AtomicReference<Path> opening) {
    while (!over.get()) {
      try {
        StatusSocket.ask(opening.get());
      } catch (IOException closedMeanwhile) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void once_closed_it_leaves_nothing() throws Exception {
    StatusSocket.open(data, () -> "x").close();

    assertThat(StatusSocket.ask(data)).isEmpty();
    assertThat(sockets()).isEmptyDirectory();
  }

  @Test
  void where_nothing_was_ever_shared_there_is_nobody_to_ask() throws Exception {
    assertThat(StatusSocket.ask(data)).isEmpty();
    assertThat(sockets()).doesNotExist();
  }

  @Test
  void the_socket_of_a_program_that_was_killed_is_removed_and_the_others_answer() throws Exception {
    Path dead = otherProgram("1");
    bound(dead).close(); // The file stays, as it does after kill -9.
    try (StatusSocket _ = StatusSocket.open(data, () -> "alive")) {
      assertThat(StatusSocket.ask(data)).containsExactly(new StatusSocket.Answer.Told("alive"));
    }
    assertThat(dead).doesNotExist();
  }

  @Test
  void half_an_answer_is_none() throws Exception {
    try (ServerSocketChannel channel = bound(otherProgram("4711"))) {
      Thread.ofVirtual().start(() -> sayHalf(channel));

      assertThat(StatusSocket.ask(data)).containsExactly(new StatusSocket.Answer.Silent("4711"));
    }
  }

  @Test
  void only_a_few_are_answered_at_a_time_and_then_others_again() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch four = new CountDownLatch(4);
    try (StatusSocket _ =
        StatusSocket.open(
            data,
            () -> {
              four.countDown();
              await(slow);
              return "told";
            })) {
      var asking = Stream.generate(() -> Thread.ofVirtual().start(this::ask)).limit(4).toList();
      await(four);

      assertThat(StatusSocket.ask(data))
          .containsExactly(
              new StatusSocket.Answer.Silent(Long.toString(ProcessHandle.current().pid())));

      slow.countDown();
      for (Thread each : asking) {
        each.join();
      }
      assertThat(StatusSocket.ask(data)).containsExactly(new StatusSocket.Answer.Told("told"));
    }
  }

  @Test
  void a_path_that_is_too_long_for_a_socket_is_said_to_be() {
    Path deep = data.resolve("x".repeat(200));

    assertThatThrownBy(() -> StatusSocket.open(deep, () -> "x"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no status socket at");
  }

  private static void sayHalf(ServerSocketChannel channel) {
    try (SocketChannel peer = channel.accept()) {
      peer.write(ByteBuffer.wrap("{\"half\":".getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ask() {
    try {
      StatusSocket.ask(data);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
