package dev.sallyport.transport.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

class EventParserFuzzTest {
  private static final int BOUND = 256;

  /** What is read does not depend on how the bytes arrive, and never passes the bound. */
  @FuzzTest
  void parses(byte[] stream) {
    List<String> whole = read(stream, stream.length);
    assertThat(read(stream, 1)).isEqualTo(whole);
    assertThat(read(stream, 3)).isEqualTo(whole);
  }

  private static List<String> read(byte[] stream, int piece) {
    EventParser parser = new EventParser(BOUND);
    List<String> events = new ArrayList<>();
    try {
      for (int at = 0; at < stream.length; at += piece) {
        parser.feed(
            stream,
            at,
            Math.min(stream.length, at + piece),
            event -> {
              assertThat(event.data().length).isLessThanOrEqualTo(BOUND);
              assertThat(event.type()).isNotEmpty();
              assertThat(event.lastEventId()).doesNotContain("\0", "\n", "\r");
              events.add(
                  event.type() + HexFormat.of().formatHex(event.data()) + event.lastEventId());
            });
      }
    } catch (EventTooLargeException tooLarge) {
      events.add("too large");
    }
    events.add(parser.lastEventId() + parser.retryMillis());
    return events;
  }
}
