package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** HTTP/2 frames by hand: what a well-behaved client would never send. */
final class Http2Client implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PRIORITY = 0x20;

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Frame(int type, int flags, int stream, byte[] payload) {
    int errorCode() {
      int at = type == GOAWAY ? 4 : 0;
      return payload[at + 3] & 0xff;
    }

    /** Of a farewell: up to where streams are still served. */
    int lastStream() {
      return ByteBuffer.wrap(payload).getInt();
    }
  }

  private final SSLSocket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  private Http2Client(SSLSocket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
  }

  static Http2Client to(InetSocketAddress address, SSLContext trusting) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new IOException("no HTTP/2");
    }
    Http2Client client = new Http2Client(socket);
    client.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    client.send(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  Http2Client send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(frame);
    data.writeByte(payload.length >> 16);
    data.writeShort(payload.length & 0xffff);
    data.writeByte(type);
    data.writeByte(flags);
    data.writeInt(stream);
    data.write(payload);
    out.write(frame.toByteArray());
    return this;
  }

  /** A head of literal fields without indexing: name, value, name, value. */
  static byte[] head(String... fields) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        head.write(0);
      }
      byte[] text = fields[i].getBytes(ISO_8859_1);
      if (text.length < 127) {
        head.write(text.length);
      } else {
        head.write(127);
        int left = text.length - 127;
        for (; left >= 128; left >>= 7) {
          head.write(left % 128 + 128);
        }
        head.write(left);
      }
      head.writeBytes(text);
    }
    return head.toByteArray();
  }

  static byte[] post(String path) {
    return head(":method", "POST", ":scheme", "https", ":authority", "localhost", ":path", path);
  }

  /** The next frame, or nothing when the listener closed. */
  Optional<Frame> next() throws IOException {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      return Optional.of(new Frame(type, flags, stream, in.readNBytes(length)));
    } catch (EOFException | SocketException | javax.net.ssl.SSLException closed) {
      return Optional.empty();
    }
  }

  /** The next frame of that type; nothing when the listener closes before it. */
  Optional<Frame> next(int type) throws IOException {
    Optional<Frame> frame = next();
    while (frame.isPresent() && frame.get().type != type) {
      frame = next();
    }
    return frame;
  }

  /** Whether nothing comes for that long, not even the end. */
  boolean isQuietFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    in.mark(1);
    try {
      if (in.read() >= 0) {
        in.reset();
      }
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /** The status of a head: an index into the static table, or digits. */
  static String status(Frame headers) {
    int at = (headers.flags & PRIORITY) == 0 ? 0 : 5;
    return switch (headers.payload[at] & 0xff) {
      case 0x88 -> "200";
      case 0x89 -> "204";
      case 0x8c -> "400";
      case 0x8d -> "404";
      case 0x8e -> "500";
      default -> new String(headers.payload, at + 2, 3, ISO_8859_1);
    };
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
