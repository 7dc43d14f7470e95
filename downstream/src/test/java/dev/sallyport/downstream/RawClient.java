package dev.sallyport.downstream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One HTTP/1.1 connection on which a test writes what it likes, and sees what comes back. */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final StringBuilder unread = new StringBuilder();

  /** A head, and what of the body is read at once: nothing of a stream. */
  public record Answer(int status, Map<String, String> fields, String text) {
    public Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    public boolean isStream() {
      return field("Content-Type").orElse("").startsWith("text/event-stream");
    }
  }

  public RawClient(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads a head, and the body unless it is a stream of events. */
  public Answer answer() throws IOException {
    String status = line();
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    Answer head = new Answer(Integer.parseInt(status.split(" ", 3)[1]), fields, "");
    if (head.isStream()) {
      return head;
    }
    return new Answer(head.status(), fields, new String(body(fields), StandardCharsets.UTF_8));
  }

  private byte[] body(Map<String, String> fields) throws IOException {
    if (!"chunked".equals(fields.get("transfer-encoding"))) {
      return in.readNBytes(Integer.parseInt(fields.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      all.writeBytes(chunk);
    }
    return all.toByteArray();
  }

  /**
   * The data of the next event of a stream, comments passed over; empty when the stream has ended
   * properly.
   *
   * @throws AssertionError when the stream holds anything but data and comments
   */
  public Optional<String> event() throws IOException {
    for (Optional<String> block = block(); block.isPresent(); block = block()) {
      if (block.get().startsWith("data:") && !block.get().contains("\n")) {
        return Optional.of(block.get().substring(5).strip());
      }
      if (!block.get().startsWith(":")) {
        throw new AssertionError("neither data alone nor a comment: " + block.get());
      }
    }
    return Optional.empty();
  }

  /** The next thing in a stream, which must be a comment. */
  public String comment() throws IOException {
    String block = block().orElseThrow();
    if (!block.startsWith(":")) {
      throw new AssertionError("not a comment: " + block);
    }
    return block;
  }

  /** What stands between two empty lines. */
  private Optional<String> block() throws IOException {
    int end = unread.indexOf("\n\n");
    while (end < 0) {
      byte[] chunk = chunk();
      if (chunk.length == 0 && !unread.isEmpty()) {
        throw new AssertionError("the stream ends inside an event: " + unread);
      }
      if (chunk.length == 0) {
        return Optional.empty();
      }
      unread.append(new String(chunk, StandardCharsets.UTF_8).replace("\r\n", "\n"));
      end = unread.indexOf("\n\n");
    }
    String block = unread.substring(0, end);
    unread.delete(0, end + 2);
    return Optional.of(block);
  }

  private byte[] chunk() throws IOException {
    int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    byte[] chunk = in.readNBytes(size);
    line();
    return chunk;
  }

  /** Whether the other end closed the connection in good order, with nothing left to read. */
  public boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  /** Says that nothing more will be sent, and goes on reading. */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Breaks the connection off. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed after \"" + line.toString(StandardCharsets.UTF_8) + "\"");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
