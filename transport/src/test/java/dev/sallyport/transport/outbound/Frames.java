package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.transport.http.Identity;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLParameters;

/** HTTP/2 by hand, on the server's side of a line. Writing is thread-safe. */
final class Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW = 65_535;
  private static final int PRIORITY = 0x20;
  private static final int ACK = 1;
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final byte STATUS_200 = (byte) 0x88;

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Frame(int type, int flags, int stream, byte[] payload) {
    int number() {
      return ByteBuffer.wrap(payload).getInt();
    }

    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }
  }

  interface Script {
    void serve(Frames frames) throws Exception;
  }

  private final Peer.Line line;
  private final DataInputStream in;
  private final ReentrantLock writing = new ReentrantLock();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  private Frames(Peer.Line line) throws IOException {
    this.line = line;
    in = new DataInputStream(line.socket().getInputStream());
  }

  static Peer peer(Identity identity, int mostStreams, Script script) throws Exception {
    return Peer.secure(
        identity.serving(identity),
        socket -> {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setApplicationProtocols(new String[] {"h2"});
          socket.setSSLParameters(parameters);
        },
        line -> {
          Frames frames = new Frames(line);
          frames.in.readNBytes(24); // the client's preface
          byte[] setting =
              ByteBuffer.allocate(6)
                  .putShort((short) MAX_CONCURRENT_STREAMS)
                  .putInt(mostStreams)
                  .array();
          frames.send(SETTINGS, 0, 0, setting);
          script.serve(frames);
        });
  }

  int index() {
    return line.index();
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    writing.lock();
    try {
      line.send(frame.array());
    } finally {
      writing.unlock();
    }
  }

  void answer(int stream, String body) throws IOException {
    begin(stream);
    send(DATA, END_STREAM, stream, body.getBytes(ISO_8859_1));
  }

  void interim(int stream, String status) throws IOException {
    byte[] head = ("\b\3" + status).getBytes(ISO_8859_1); // a literal, named as entry 8 (RFC 7541)
    send(HEADERS, END_HEADERS, stream, head);
  }

  void begin(int stream) throws IOException {
    send(HEADERS, END_HEADERS, stream, new byte[] {STATUS_200});
  }

  void goAway(int last) throws IOException {
    send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(0).array());
  }

  void reset(int stream, int code) throws IOException {
    send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  /** The next frame that is about a stream, or the end of the connection. */
  Frame next() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
        send(SETTINGS, ACK, 0, new byte[0]);
      } else if (frame.type == PING && (frame.flags & ACK) == 0) {
        send(PING, ACK, 0, frame.payload);
      } else if (frame.type != SETTINGS && frame.type != WINDOW_UPDATE && frame.type != PING) {
        return frame;
      }
    }
  }

  /** Sends a body for as long as the client lets it, and says how much that was. */
  int pour(int stream, int most) throws IOException {
    int poured = 0;
    int[] windows = {INITIAL_WINDOW, INITIAL_WINDOW}; // of the connection, of the stream
    line.socket().setSoTimeout(500);
    while (poured < most) {
      int piece = Math.min(8_192, Math.min(windows[0], windows[1]));
      if (piece > 0) {
        send(DATA, 0, stream, new byte[piece]);
        poured += piece;
        windows[0] -= piece;
        windows[1] -= piece;
        continue;
      }
      try {
        Frame frame = read();
        if (frame.type == WINDOW_UPDATE) {
          windows[frame.stream == 0 ? 0 : 1] += frame.number();
        }
      } catch (SocketTimeoutException enough) {
        break;
      }
    }
    line.socket().setSoTimeout((int) Peer.PATIENCE.toMillis());
    return poured;
  }

  Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type != type) {
      frame = next();
    }
    return frame;
  }

  /** The stream of the next request that is complete. */
  int request() throws IOException {
    Frame frame = next();
    while (!frame.endsStream()) {
      frame = next();
    }
    return frame.stream;
  }

  void awaitEnd() throws IOException {
    try {
      while (true) {
        next();
      }
    } catch (EOFException end) {
      // That is what was waited for.
    }
  }

  private Frame read() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    return new Frame(type, flags, stream, in.readNBytes(length));
  }

  Map<String, String> decode(Frame headers) throws Http2Exception {
    Map<String, String> fields = new TreeMap<>();
    int weight = (headers.flags & PRIORITY) == 0 ? 0 : 5;
    int length = headers.payload.length - weight;
    decoder
        .decodeHeaders(headers.stream, Unpooled.wrappedBuffer(headers.payload, weight, length))
        .forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
    return fields;
  }
}
