package dev.sallyport.transport.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads a {@code text/event-stream} body piece by piece: WHATWG HTML, 9.2.5 and 9.2.6. What is left
 * unfinished when the body ends is no event. Confined to one thread at a time.
 */
public final class EventParser {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Digits of a retry time that fits a long whatever they are. */
  private static final int RETRY_DIGITS = 18;

  private final int maxBytes;
  // Nothing is kept between events: most answers have none, and most streams are quiet.
  private ByteArrayOutputStream line = nothing();
  private ByteArrayOutputStream data = nothing();
  private String type = "";
  private String nextEventId = "";
  private String lastEventId = "";
  private OptionalLong retryMillis = OptionalLong.empty();
  private int markSeen;
  private boolean afterReturn;
  private boolean broken;

  /**
   * @param maxBytes the bound on one event, and so on one line
   */
  public EventParser(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  public void feed(byte[] bytes, Consumer<ServerEvent> events) throws EventTooLargeException {
    feed(bytes, 0, bytes.length, events);
  }

  /**
   * Takes the next piece of the body and hands over every event it completes.
   *
   * @throws EventTooLargeException when an event passes the bound; nothing more can be fed then
   */
  public void feed(byte[] bytes, int from, int to, Consumer<ServerEvent> events)
      throws EventTooLargeException {
    if (broken) {
      throw new EventTooLargeException(maxBytes);
    }
    int at = skipMark(bytes, from, to);
    if (afterReturn && at < to) {
      afterReturn = false;
      if (bytes[at] == '\n') {
        at++;
      }
    }
    while (at < to) {
      int end = lineEnd(bytes, at, to);
      if (end == to) {
        keep(bytes, at, end);
        return;
      }
      endLine(bytes, at, end, events);
      at = end + 1;
      if (bytes[end] == '\r') {
        if (at == to) {
          afterReturn = true;
        } else if (bytes[at] == '\n') {
          at++;
        }
      }
    }
  }

  /** The id to send when the stream is taken up again; empty when the server gave none. */
  public String lastEventId() {
    return lastEventId;
  }

  /** Bytes of an event that is not complete. */
  public int held() {
    return line.size() + data.size();
  }

  /** How long the server last asked to wait before coming again. */
  public OptionalLong retryMillis() {
    return retryMillis;
  }

  /** One byte order mark may stand before the first line; it can arrive in three pieces. */
  private int skipMark(byte[] bytes, int from, int to) {
    int at = from;
    while (markSeen < BYTE_ORDER_MARK.length && at < to) {
      if (bytes[at] != BYTE_ORDER_MARK[markSeen]) {
        // Not a mark after all: what looked like its start belongs to the first line.
        line.write(BYTE_ORDER_MARK, 0, markSeen);
        markSeen = BYTE_ORDER_MARK.length;
        return at;
      }
      at++;
      markSeen++;
    }
    return at;
  }

  private static int lineEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private void keep(byte[] bytes, int from, int to) throws EventTooLargeException {
    checkRoom(line.size() + (long) (to - from));
    line.write(bytes, from, to - from);
  }

  private void endLine(byte[] bytes, int from, int to, Consumer<ServerEvent> events)
      throws EventTooLargeException {
    if (line.size() == 0) {
      checkRoom(to - (long) from);
      take(bytes, from, to, events);
      return;
    }
    keep(bytes, from, to);
    byte[] whole = line.toByteArray();
    line = nothing();
    take(whole, 0, whole.length, events);
  }

  private void checkRoom(long lineBytes) throws EventTooLargeException {
    if (lineBytes + data.size() > maxBytes) {
      broken = true;
      line = nothing();
      data = nothing();
      throw new EventTooLargeException(maxBytes);
    }
  }

  private void take(byte[] bytes, int from, int to, Consumer<ServerEvent> events) {
    if (from == to) {
      dispatch(events);
      return;
    }
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, to);
    if (value < to && bytes[value] == ' ') {
      value++;
    }
    // A comment has an empty name, and it goes where all unknown fields go.
    switch (new String(bytes, from, colon - from, UTF_8)) {
      case "data" -> {
        data.write(bytes, value, to - value);
        data.write('\n');
      }
      case "event" -> type = new String(bytes, value, to - value, UTF_8);
      case "id" -> takeId(new String(bytes, value, to - value, UTF_8));
      case "retry" -> takeRetry(new String(bytes, value, to - value, UTF_8));
      default -> {}
    }
  }

  private void takeId(String id) {
    if (id.indexOf('\0') < 0) {
      nextEventId = id;
    }
  }

  private void takeRetry(String digits) {
    if (!digits.isEmpty()
        && digits.length() <= RETRY_DIGITS
        && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      retryMillis = OptionalLong.of(Long.parseLong(digits));
    }
  }

  private void dispatch(Consumer<ServerEvent> events) {
    lastEventId = nextEventId;
    String named = type;
    type = "";
    if (data.size() == 0) {
      return;
    }
    byte[] lines = data.toByteArray();
    data = nothing();
    byte[] withoutLastFeed = Arrays.copyOf(lines, lines.length - 1);
    events.accept(
        new ServerEvent(
            named.isEmpty() ? ServerEvent.MESSAGE : named, withoutLastFeed, lastEventId));
  }

  private static ByteArrayOutputStream nothing() {
    return new ByteArrayOutputStream(0);
  }
}
