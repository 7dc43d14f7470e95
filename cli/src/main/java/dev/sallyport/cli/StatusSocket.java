package dev.sallyport.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Where a running program says how it stands: a Unix socket in the data directory, which only its
 * owner may enter. Whoever connects is told, in one line, and asked nothing: no command can come
 * this way.
 */
final class StatusSocket implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(StatusSocket.class.getName());
  private static final String FOLDER = "run";
  private static final String ENDING = ".sock";
  private static final int AT_ONCE = 4;
  private static final int LONGEST = 4 << 20;

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

  /**
   * @param data the data directory
   * @param status one line, made anew for each who asks
   * @throws IOException when there cannot be one: a full disk, a path that is too long for a socket
   */
  static StatusSocket open(Path data, Supplier<String> status) throws IOException {
    Path folder = Files.createDirectories(data.resolve(FOLDER));
    Path file = folder.resolve(ProcessHandle.current().pid() + ENDING);
    Files.deleteIfExists(file); // Of a process that had our id before us.
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(file));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException("no status socket at " + file, e);
    }
    StatusSocket socket = new StatusSocket(Optional.of(new Bound(channel, file)), status);
    Thread.ofPlatform().daemon(true).name("sallyport-status").start(() -> socket.serve(channel));
    return socket;
  }

  private void serve(ServerSocketChannel channel) {
    try {
      while (true) {
        SocketChannel peer = channel.accept();
        if (places.tryAcquire()) {
          Thread.ofVirtual().name("sallyport-status-answer").start(() -> answer(peer));
        } else {
          peer.close();
        }
      }
    } catch (IOException closed) {
      LOG.log(System.Logger.Level.DEBUG, "status: {0}", String.valueOf(closed.getMessage()));
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

  /** What every running program of this data directory says. Sockets nobody serves are removed. */
  static List<String> ask(Path data) throws IOException {
    List<String> answers = new ArrayList<>();
    Path folder = data.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return answers;
    }
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path socket : sockets) {
        Optional<String> answer = askOne(socket);
        if (answer.isPresent()) {
          answers.add(answer.get());
        } else {
          Files.deleteIfExists(socket);
        }
      }
    }
    return answers;
  }

  private static Optional<String> askOne(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer answer = ByteBuffer.allocate(LONGEST);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // Until it is all there.
      }
      String line = StandardCharsets.UTF_8.decode(answer.flip()).toString().strip();
      return Optional.of(line).filter(text -> !text.isEmpty());
    } catch (IOException nobodyThere) {
      LOG.log(System.Logger.Level.DEBUG, "status: {0}", String.valueOf(nobodyThere.getMessage()));
      return Optional.empty();
    }
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
