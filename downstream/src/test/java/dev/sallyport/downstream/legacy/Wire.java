package dev.sallyport.downstream.legacy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One HTTP/1.1 connection of a legacy client, down to the bytes. Confined to one thread. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final StringBuilder unread = new StringBuilder();

  /** What came back: the body only when it is not a stream. */
  record Answer(int status, Map<String, String> fields, String body) {
    Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    boolean isStream() {
      return field("Content-Type").orElse("").startsWith("text/event-stream");
    }
  }

  /** One event of a stream. */
  record Event(Optional<String> type, Optional<String> id, OptionalLong retry, String data) {}

  Wire(InetSocketAddress address) throws IOException {
    this(address, new Socket());
  }

  private Wire(InetSocketAddress address, Socket socket) throws IOException {
    this.socket = socket;
    socket.connect(address);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One on whose way little is kept when it is not read. */
  static Wire narrow(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    return new Wire(address, socket);
  }

  /** A request that is right in everything a test does not change. */
  static final class Sent {
    private final String method;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final StringBuilder repeated = new StringBuilder();
    private String path = "/mcp";
    private byte[] body = new byte[0];

    private Sent(String method) {
      this.method = method;
      with("Host", "localhost");
      with("Authorization", "Bearer anna");
    }

    static Sent post(String body) {
      return new Sent("POST")
          .with("Content-Type", "application/json")
          .with("Accept", "application/json, text/event-stream")
          .body(body.getBytes(StandardCharsets.UTF_8));
    }

    static Sent get() {
      return new Sent("GET").with("Accept", "text/event-stream");
    }

    static Sent delete() {
      return new Sent("DELETE");
    }

    static Sent of(String method) {
      return new Sent(method);
    }

    /** The path, and what of it follows a question mark. */
    Sent to(String other) {
      path = other;
      return this;
    }

    Sent with(String name, String value) {
      fields.put(name, value);
      return this;
    }

    /** One more of a field, whatever is there already. */
    Sent also(String name, String value) {
      repeated.append(name).append(": ").append(value).append("\r\n");
      return this;
    }

    Sent without(String name) {
      fields.remove(name);
      return this;
    }

    Sent by(String caller) {
      return with("Authorization", "Bearer " + caller);
    }

    Sent body(byte[] other) {
      body = other;
      return this;
    }

    private byte[] bytes() {
      StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      head.append(repeated);
      if (method.equals("POST")) {
        head.append("Content-Length: " + body.length + "\r\n");
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      all.writeBytes(body);
      return all.toByteArray();
    }
  }

  Wire send(Sent request) throws IOException {
    socket.getOutputStream().write(request.bytes());
    socket.getOutputStream().flush();
    return this;
  }

  Answer exchange(Sent request) throws IOException {
    return send(request).answer();
  }

  /** Reads a head, and the body unless it is a stream. */
  Answer answer() throws IOException {
    Answer head = head();
    return head.isStream() ? head : new Answer(head.status(), head.fields(), body(head.fields()));
  }

  /** Reads a head only. */
  Answer head() throws IOException {
    String status = line();
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), fields, "");
  }

  private String body(Map<String, String> fields) throws IOException {
    int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** The next event, comments passed over; empty when the stream ended properly. */
  Optional<Event> event() throws IOException {
    for (Optional<String> block = block(); block.isPresent(); block = block()) {
      if (!block.get().startsWith(":")) {
        return Optional.of(parsed(block.get()));
      }
    }
    return Optional.empty();
  }

  /** The next event that has data. */
  Event message() throws IOException {
    for (Optional<Event> event = event(); event.isPresent(); event = event()) {
      if (!event.get().data().isEmpty()) {
        return event.get();
      }
    }
    throw new AssertionError("the stream ended");
  }

  /** The next thing on the stream, which must be a comment. */
  void comment() throws IOException {
    String block = block().orElseThrow();
    if (!block.startsWith(":")) {
      throw new AssertionError("not a comment: " + block);
    }
  }

  private static Event parsed(String block) {
    Optional<String> type = Optional.empty();
    Optional<String> id = Optional.empty();
    OptionalLong retry = OptionalLong.empty();
    Optional<String> data = Optional.empty();
    for (String line : block.split("\n", -1)) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon)) {
        case "event" -> type = Optional.of(value);
        case "id" -> id = Optional.of(value);
        case "retry" -> retry = OptionalLong.of(Long.parseLong(value));
        case "data" -> data = Optional.of(value);
        default -> throw new AssertionError("not a line of an event: " + line);
      }
    }
    return new Event(
        type, id, retry, data.orElseThrow(() -> new AssertionError("no data: " + block)));
  }

  /** What stands between two empty lines. */
  private Optional<String> block() throws IOException {
    while (unread.indexOf("\n\n") < 0) {
      int size = Integer.parseInt(line(), 16);
      unread.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
      line();
      if (size == 0) {
        return Optional.empty();
      }
    }
    int end = unread.indexOf("\n\n");
    String block = unread.substring(0, end);
    unread.delete(0, end + 2);
    return Optional.of(block);
  }

  /** Breaks the connection off. */
  void reset() throws IOException {
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
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
