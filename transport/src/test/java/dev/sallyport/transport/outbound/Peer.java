package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;

/**
 * A server that does on each connection what a test tells it, byte by byte. Closing it checks that
 * the scripts came to their ends.
 */
final class Peer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket listening;
  private final Script script;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** What happens on a connection; it is closed afterwards. */
  interface Script {
    void serve(Line line) throws Exception;
  }

  private Peer(ServerSocket listening, Script script) {
    this.listening = listening;
    this.script = script;
    threads.add(Thread.ofPlatform().daemon(true).name("peer").start(this::accept));
  }

  static Peer of(Script script) {
    return at(InetAddress.ofLiteral("127.0.0.1"), script);
  }

  static Peer at(InetAddress address, Script script) {
    return at(address, 0, script);
  }

  static Peer at(InetAddress address, int port, Script script) {
    try {
      return over(new ServerSocket(port, 500, address), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With TLS, on 127.0.0.1. */
  static Peer secure(SSLContext context, Consumer<SSLServerSocket> settings, Script script)
      throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));
    settings.accept(socket);
    return over(socket, script);
  }

  static Peer over(ServerSocket listening, Script script) {
    return new Peer(listening, script);
  }

  /** The same answer to each request, for as long as the client keeps the connection. */
  static Peer answering(String answer) {
    return of(
        line -> {
          while (!line.request().isEmpty()) {
            line.send(answer);
          }
        });
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Line line = new Line(socket, accepted.getAndIncrement());
        lines.add(line);
        threads.add(Thread.ofVirtual().name("peer-" + line.index()).start(() -> serve(line)));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Line line) {
    try (line) {
      script.serve(line);
    } catch (SocketException | SSLException left) {
      // Clients may leave while something is written to them, or trust no one.
    } catch (Exception | AssertionError fault) {
      faults.add(fault);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  HttpUrl url() {
    return url("/mcp");
  }

  HttpUrl url(String path) {
    return new HttpUrl(false, listening.getInetAddress().getHostAddress(), port(), path);
  }

  HttpUrl secureUrl() {
    return new HttpUrl(true, "localhost", port(), "/mcp");
  }

  /** How many connections there have been. */
  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Thread thread : threads) {
      try {
        if (!thread.join(PATIENCE)) {
          faults.add(new AssertionError(thread.getName() + " has not ended"));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (Line line : lines) {
      line.close();
    }
    assertThat(faults).as("what went wrong in scripts").isEmpty();
  }

  /** One connection. Confined to its script, but for {@link #ended()}. */
  static final class Line implements AutoCloseable {
    private final Socket socket;
    private final int index;
    private final InputStream in;
    private final OutputStream out;
    private final CountDownLatch end = new CountDownLatch(1);

    Line(Socket socket, int index) throws IOException {
      this.socket = socket;
      this.index = index;
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    /** Counted from 0. */
    int index() {
      return index;
    }

    Socket socket() {
      return socket;
    }

    InputStream in() {
      return in;
    }

    OutputStream out() {
      return out;
    }

    /** The next request with its body; nothing when the client has closed. */
    String request() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.write(next);
      }
      String text = head.toString(ISO_8859_1);
      return text + new String(in.readNBytes(length(text)), ISO_8859_1);
    }

    private static int length(String head) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
          .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
          .sum();
    }

    Line send(String latin1) throws IOException {
      return send(latin1.getBytes(ISO_8859_1));
    }

    Line send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
      return this;
    }

    /** Waits until the client has ended the connection, in whatever way. */
    void awaitEnd() throws IOException {
      try {
        in.transferTo(OutputStream.nullOutputStream()); // what it still had to say
      } catch (SocketException reset) {
        // That is an end as well.
      }
    }

    /** Ends it without a farewell. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      end.countDown();
    }

    boolean ended() throws InterruptedException {
      return end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
