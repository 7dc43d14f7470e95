package dev.sallyport.upstream.http;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.Arrival;
import dev.sallyport.transport.outbound.OutboundCall;
import dev.sallyport.transport.outbound.OutboundFault;
import dev.sallyport.transport.sse.EventParser;
import dev.sallyport.transport.sse.EventTooLargeException;
import dev.sallyport.transport.sse.ServerEvent;
import dev.sallyport.upstream.wire.Breakdown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads what a server answers to one request: one JSON text, or an event stream of them (CH-03).
 * Confined to one thread at a time.
 */
final class Answer implements AutoCloseable {
  private static final byte[] NOTHING = {};
  private static final int MOST_OF_A_REFUSAL = 64 * 1024;

  private final OutboundCall call;
  private final Consumer<HttpFields> accepted;
  private final AnswerRoom.Hold room;
  private final int mostBytes;
  private final EventParser parser;
  private final Deque<ServerEvent> events = new ArrayDeque<>(1);
  private Kind kind = Kind.NONE_YET;
  private int status;
  private HttpFields fields = HttpFields.empty();
  private final List<byte[]> pieces = new ArrayList<>(0);
  private int size;
  private boolean over;

  private enum Kind {
    NONE_YET,
    JSON,
    EVENTS,
    REFUSAL
  }

  /** What there is to do about it next. */
  sealed interface Piece {
    /** Nothing has come yet. */
    record Nothing() implements Piece {}

    /**
     * One JSON text.
     *
     * @param type of the event; {@code message} for an answer that is no stream
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Text(String type, byte[] utf8) implements Piece {
      static Text of(byte[] utf8) {
        return new Text(ServerEvent.MESSAGE, utf8);
      }
    }

    /** The answer is complete. */
    record Over() implements Piece {}

    /** A status that is no success, or a type that is neither of the two. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Refused(int status, HttpFields fields, byte[] body) implements Piece {}

    record Broken(OutboundFault fault) implements Piece {}

    /** By itself, or beside what others hold. */
    record TooLarge(Breakdown.Kind kind) implements Piece {}
  }

  /**
   * @param accepted told of the head of an answer that is a success
   * @param room for what is held of it
   * @param mostBytes of one text
   */
  Answer(OutboundCall call, Consumer<HttpFields> accepted, AnswerRoom.Hold room, int mostBytes) {
    this.call = call;
    this.accepted = accepted;
    this.room = room;
    this.mostBytes = mostBytes;
    parser = new EventParser(mostBytes);
  }

  /** Never blocks. */
  Piece next() {
    while (true) {
      if (!events.isEmpty()) {
        ServerEvent event = events.removeFirst();
        return new Piece.Text(event.type(), event.data());
      }
      if (over) {
        return new Piece.Over();
      }
      Optional<Arrival> arrival = call.poll();
      if (arrival.isEmpty()) {
        return new Piece.Nothing();
      }
      Optional<Piece> piece = take(arrival.get());
      if (piece.isPresent()) {
        return piece.get();
      }
    }
  }

  /** As {@link #next}, waiting for something to come. */
  Piece next(long nanos) throws InterruptedException {
    long since = System.nanoTime();
    while (true) {
      Piece piece = next();
      long left = nanos - (System.nanoTime() - since);
      if (!(piece instanceof Piece.Nothing) || left <= 0) {
        return piece;
      }
      Optional<Arrival> arrival = call.take(left);
      if (arrival.isPresent()) {
        Optional<Piece> came = take(arrival.get());
        if (came.isPresent()) {
          return came.get();
        }
      }
    }
  }

  private Optional<Piece> take(Arrival arrival) {
    return switch (arrival) {
      case Arrival.Head head -> {
        begin(head);
        yield Optional.empty();
      }
      case Arrival.Bytes(byte[] bytes) -> kind == Kind.EVENTS ? feed(bytes) : keep(bytes);
      case Arrival.End end -> Optional.of(complete());
      case Arrival.Failed(OutboundFault fault) -> {
        room.leave();
        yield Optional.of(
            fault.kind() == OutboundFault.Kind.MALFORMED
                ? new Piece.Refused(status, fields, NOTHING)
                : new Piece.Broken(fault));
      }
    };
  }

  private void begin(Arrival.Head head) {
    status = head.status();
    fields = head.fields();
    boolean success = status >= 200 && status < 300;
    String type = fields.first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (success && type.startsWith("text/event-stream")) {
      kind = Kind.EVENTS;
    } else {
      kind = success && (type.isEmpty() || isJson(type)) ? Kind.JSON : Kind.REFUSAL;
    }
    if (success) {
      accepted.accept(fields);
    }
  }

  private static boolean isJson(String type) {
    return type.startsWith("application/json");
  }

  private Optional<Piece> feed(byte[] bytes) {
    try {
      parser.feed(bytes, events::addLast);
      return room.take(parser.held())
          ? Optional.empty()
          : tooLarge(Breakdown.Kind.TOO_MUCH_AT_ONCE);
    } catch (EventTooLargeException e) {
      return tooLarge(Breakdown.Kind.TOO_LARGE);
    }
  }

  private Optional<Piece> tooLarge(Breakdown.Kind kind) {
    room.leave();
    return Optional.of(new Piece.TooLarge(kind));
  }

  /** Of a refusal only so much is of interest, and the rest is not waited for. */
  private Optional<Piece> keep(byte[] bytes) {
    if (kind == Kind.REFUSAL && size + bytes.length > MOST_OF_A_REFUSAL) {
      call.close();
      return Optional.of(complete());
    }
    if (size + (long) bytes.length > mostBytes) {
      return tooLarge(Breakdown.Kind.TOO_LARGE);
    }
    if (!room.take(size + bytes.length)) {
      return tooLarge(Breakdown.Kind.TOO_MUCH_AT_ONCE);
    }
    size += bytes.length;
    pieces.add(bytes);
    return Optional.empty();
  }

  /** A body that came in one piece is not copied. */
  private byte[] whole() {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    pieces.clear();
    return whole;
  }

  private Piece complete() {
    byte[] whole = whole();
    if (kind != Kind.JSON) {
      room.leave(); // That of a text lasts until somebody has made use of it.
    }
    return switch (kind) {
      case EVENTS, NONE_YET -> new Piece.Over();
      case REFUSAL -> new Piece.Refused(status, fields, whole);
      case JSON -> whole.length == 0 ? new Piece.Over() : lastText(whole);
    };
  }

  private Piece lastText(byte[] whole) {
    over = true;
    return Piece.Text.of(whole);
  }

  /** The id to go on from; empty when the server gave none. */
  Optional<String> lastEventId() {
    return Optional.of(parser.lastEventId()).filter(id -> !id.isEmpty());
  }

  /** How long the server asked to wait before coming again. */
  OptionalLong retryMillis() {
    return parser.retryMillis();
  }

  /** What was wanted has come; the rest may come to its end. */
  void finish() {
    room.leave();
    call.finish();
  }

  /** Gives up what has not come. */
  @Override
  public void close() {
    room.leave();
    call.close();
  }
}
