package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Bytes to a listener and back, with just enough HTTP/1 to know where an answer ends. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  /** One answer; the names of its fields in lower case. */
  record Reply(int status, Map<String, String> fields, String body) {}

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient to(InetSocketAddress address) throws IOException {
    return new RawClient(new Socket(address.getAddress(), address.getPort()));
  }

  /** With a receive buffer of a few kilobytes, so that not reading is felt soon. */
  static RawClient narrow(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(address);
    return new RawClient(socket);
  }

  static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket);
  }

  RawClient send(String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(ISO_8859_1));
    return this;
  }

  /** Byte by byte, each in a segment of its own as far as the kernel lets us. */
  RawClient sendSlowly(String latin1) throws IOException {
    socket.setTcpNoDelay(true);
    for (byte b : latin1.getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(b);
    }
    return this;
  }

  /** A request with a Host and, when there is a body, its length. */
  RawClient request(String method, String path, String body) throws IOException {
    return send(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, body.length(), body));
  }

  Reply reply() throws IOException {
    Reply head = head();
    String body = "";
    if (head.fields.containsKey("content-length")) {
      body = exactly(Integer.parseInt(head.fields.get("content-length")));
    } else if ("chunked".equals(head.fields.get("transfer-encoding"))) {
      StringBuilder chunks = new StringBuilder();
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        chunks.append(chunk);
      }
      body = chunks.toString();
    } else if (head.status >= 200 && head.status != 204 && head.status != 304) {
      body = rest();
    }
    return new Reply(head.status, head.fields, body);
  }

  /** An answer up to its body. */
  Reply head() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.")) {
      throw new IOException("not an answer: " + status);
    }
    Map<String, String> fields = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
    }
    return new Reply(Integer.parseInt(status.substring(9, 12)), fields, "");
  }

  /** The next chunk of a chunked answer; empty for the last one. */
  String chunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = exactly(length);
    if (!line().isEmpty()) {
      throw new IOException("a chunk is longer than it says");
    }
    return chunk;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("after: " + line);
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  private String exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends early");
    }
    return new String(bytes, ISO_8859_1);
  }

  /** All that comes until the listener closes. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** Whether the listener closes, in whatever way, without another byte. */
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** Says that nothing more will be sent, and still reads. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Leaves without a farewell. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
