package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.protocol.Log;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Where a running program says how it stands: a Unix socket in the data directory, which only its
 * owner may enter. Whoever connects is told, in one line, and asked nothing: no command can come
 * this way.
 */
final class StatusSocket implements AutoCloseable {
  private static final Log LOG = Log.of(StatusSocket.class);
  private static final String FOLDER = "run";
  private static final String ENDING = ".sock";
  private static final String UNREADY = ".new";
  private static final int AT_ONCE = 4;
  private static final int LONGEST = 4 << 20;
  private static final long PATIENCE_SECONDS = 10;

  /** Where there can be none. */
  static final StatusSocket NONE = new StatusSocket(Optional.empty(), () -> "");

  private final Optional<Bound> bound;
  private final Supplier<String> status;
  private final Semaphore places = new Semaphore(AT_ONCE);

  private record Bound(ServerSocketChannel channel, Path file) {}

  private StatusSocket(Optional<Bound> bound, Supplier<String> status) {
    this.bound = bound;
    this.status = status;
  }

  /** Of this program; without one it serves all the same. */
  static StatusSocket open(Sallyport.Surroundings surroundings, Supplier<String> status) {
    try {
      DataDirectory data =
          DataDirectory.open(
              surroundings.environment(), surroundings.userHome(), surroundings.user());
      return open(data.path(), status);
    } catch (AccessException | IOException e) {
      surroundings.screen().warn("sallyport status cannot see this one: " + e.getMessage());
      return NONE;
    }
  }

  /**
   * @param data the data directory
   * @param status one line, made anew for each who asks
   * @throws IOException when there cannot be one: a full disk, a path that is too long for a socket
   */
  static StatusSocket open(Path data, Supplier<String> status) throws IOException {
    Path folder = Files.createDirectories(data.resolve(FOLDER));
    String process = Long.toString(ProcessHandle.current().pid());
    Path file = folder.resolve(process + ENDING);
    // Under its name once it listens: before that it refuses, and would be taken for a dead one.
    Path unready = folder.resolve(process + UNREADY);
    Files.deleteIfExists(unready); // Of a process that had our id before us.
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(unready));
      Files.move(unready, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException("no status socket at " + file, e);
    }
    StatusSocket socket = new StatusSocket(Optional.of(new Bound(channel, file)), status);
    Thread.ofPlatform().daemon(true).name("sallyport-status").start(() -> socket.serve(channel));
    return socket;
  }

  private void serve(ServerSocketChannel channel) {
    while (channel.isOpen()) {
      try {
        SocketChannel peer = channel.accept();
        if (places.tryAcquire()) {
          Thread.ofVirtual().name("sallyport-status-answer").start(() -> answer(peer));
        } else {
          peer.close();
        }
      } catch (IOException e) {
        // Closed, which ends it; or one who asked has left, or there is no descriptor now.
        LOG.log(System.Logger.Level.DEBUG, "status: {0}", String.valueOf(e.getMessage()));
      }
    }
  }

  private void answer(SocketChannel peer) {
    try (peer) {
      ByteBuffer line = ByteBuffer.wrap((status.get() + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        peer.write(line);
      }
    } catch (IOException left) {
      LOG.log(System.Logger.Level.DEBUG, "status: {0}", String.valueOf(left.getMessage()));
    } finally {
      places.release();
    }
  }

  /** What one program says of itself. */
  sealed interface Answer {
    record Told(String line) implements Answer {}

    /** It is there and says nothing, or not all of it. */
    record Silent(String process) implements Answer {}
  }

  /** Asks every program of this data directory. Sockets that nobody serves are removed. */
  static List<Answer> ask(Path data) throws IOException {
    List<Answer> answers = new ArrayList<>();
    Path folder = data.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return answers;
    }
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path socket : sockets) {
        askOne(socket).ifPresent(answers::add);
      }
    }
    return answers;
  }

  private static Optional<Answer> askOne(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      FutureTask<String> reading = new FutureTask<>(() -> read(channel));
      Thread.ofVirtual().name("sallyport-status-question").start(reading);
      String line = reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return Optional.of(line.endsWith("\n") ? new Answer.Told(line.strip()) : silent(socket));
    } catch (ConnectException nobodyThere) {
      Files.deleteIfExists(socket);
      return Optional.empty();
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.DEBUG, "status: {0}", String.valueOf(e.getMessage()));
      return Optional.of(silent(socket));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(silent(socket));
    }
  }

  private static Answer silent(Path socket) {
    return new Answer.Silent(socket.getFileName().toString().replace(ENDING, ""));
  }

  private static String read(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(LONGEST);
    while (answer.hasRemaining() && channel.read(answer) >= 0) {
      // Until it is all there.
    }
    return StandardCharsets.UTF_8.decode(answer.flip()).toString();
  }

  @Override
  public void close() {
    if (bound.isEmpty()) {
      return;
    }
    try {
      bound.get().channel().close();
      Files.deleteIfExists(bound.get().file());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "status: {0}", String.valueOf(e.getMessage()));
    }
  }
}
