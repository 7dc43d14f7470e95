package dev.sallyport.transport.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventParserTest {
  private static final int BOUND = 4096;

  @Test
  void an_event_ends_with_an_empty_line() throws Exception {
    assertThat(parse("data: one\n\ndata: two\n\n")).containsExactly("message|one|", "message|two|");
  }

  @Test
  void an_event_without_its_empty_line_is_none() throws Exception {
    assertThat(parse("data: one\n\ndata: two\n")).containsExactly("message|one|");
  }

  @Test
  void lines_end_with_any_of_the_three_ends() throws Exception {
    assertThat(parse("data:a\r\rdata:b\r\n\r\ndata:c\n\n"))
        .containsExactly("message|a|", "message|b|", "message|c|");
  }

  @Test
  void a_return_and_a_feed_in_two_pieces_are_one_end() throws Exception {
    EventParser parser = new EventParser(BOUND);
    List<String> events = new ArrayList<>();
    feed(parser, "data: a\r", events);
    feed(parser, "\ndata: b\r", events);
    assertThat(events).isEmpty();
    feed(parser, "\n\r", events);
    feed(parser, "\n", events);
    assertThat(events).containsExactly("message|a\nb|");
  }

  @Test
  void several_data_lines_are_joined_by_feeds() throws Exception {
    assertThat(parse("data: a\ndata:  b\ndata:c\n\n")).containsExactly("message|a\n b\nc|");
  }

  @Test
  void empty_data_is_an_event_and_no_data_is_none() throws Exception {
    assertThat(parse("id: 7\ndata:\n\nid: 8\n\n: nothing\n\n")).containsExactly("message||7");
    EventParser parser = new EventParser(BOUND);
    feed(parser, "id: 8\n\n", new ArrayList<>());
    assertThat(parser.lastEventId()).isEqualTo("8");
  }

  @Test
  void a_field_name_without_colon_has_an_empty_value() throws Exception {
    assertThat(parse("data\n\n")).containsExactly("message||");
  }

  @Test
  void comments_and_unknown_fields_are_passed_over() throws Exception {
    assertThat(parse(": keep-alive\nfoo: bar\nDATA: x\n data: y\ndata: z\n:\n\n"))
        .containsExactly("message|z|");
  }

  @Test
  void an_event_type_holds_for_one_event() throws Exception {
    assertThat(parse("event: endpoint\ndata: /m\n\ndata: x\n\nevent: y\n\ndata: z\n\n"))
        .containsExactly("endpoint|/m|", "message|x|", "message|z|");
  }

  @Test
  void an_id_stays_until_the_next_one_and_an_empty_one_resets_it() throws Exception {
    assertThat(parse("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"))
        .containsExactly("message|a|1", "message|b|1", "message|c|");
  }

  @Test
  void an_id_of_an_unfinished_event_does_not_count() throws Exception {
    EventParser parser = new EventParser(BOUND);
    feed(parser, "id: 1\ndata: a\n\nid: 2\ndata: b\n", new ArrayList<>());
    assertThat(parser.lastEventId()).isEqualTo("1");
  }

  @Test
  void an_id_with_a_nul_is_ignored() throws Exception {
    assertThat(parse("id: 1\nid: 2\0\ndata: a\n\n")).containsExactly("message|a|1");
  }

  @Test
  void a_retry_time_is_digits_only() throws Exception {
    EventParser parser = new EventParser(BOUND);
    List<String> events = new ArrayList<>();
    feed(parser, "retry: 2500\n", events);
    assertThat(parser.retryMillis()).hasValue(2500);
    for (String wrong : List.of("", "-1", "+1", "1.5", "1e3", "0x1", "1 ", "٣", "9".repeat(19))) {
      feed(parser, "retry: " + wrong + "\n", events);
      assertThat(parser.retryMillis()).as(wrong).hasValue(2500);
    }
    feed(parser, "retry:0\n", events);
    assertThat(parser.retryMillis()).hasValue(0);
  }

  @Test
  void one_byte_order_mark_is_passed_over_at_the_start_only() throws Exception {
    assertThat(parse("\uFEFFdata: a\n\n")).containsExactly("message|a|");
    assertThat(parse("\uFEFF\uFEFFdata: a\n\n")).isEmpty();
    assertThat(parse("data: a\n\n\uFEFFdata: b\n\n")).containsExactly("message|a|");
    assertThat(parse("\uFEFF")).isEmpty();
  }

  @Test
  void what_only_looks_like_a_byte_order_mark_belongs_to_the_line() throws Exception {
    EventParser parser = new EventParser(BOUND);
    List<String> events = new ArrayList<>();
    parser.feed(new byte[] {(byte) 0xEF}, event -> events.add(show(event)));
    parser.feed(new byte[] {(byte) 0xBB}, event -> events.add(show(event)));
    feed(parser, "data: a\n\ndata: b\n\n", events);
    assertThat(events).containsExactly("message|b|");
  }

  @Test
  void data_keeps_its_bytes_whatever_they_are() throws Exception {
    EventParser parser = new EventParser(BOUND);
    List<byte[]> events = new ArrayList<>();
    parser.feed(
        new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, (byte) 0x28, 0, '\n', '\n'},
        event -> events.add(event.data()));
    assertThat(events).containsExactly(new byte[] {(byte) 0xC3, (byte) 0x28, 0});
  }

  @Test
  void an_event_at_the_bound_is_read_and_one_beyond_it_is_refused() throws Exception {
    String largest = "data:" + "x".repeat(BOUND - 5) + "\n\n";
    assertThat(parse(largest)).hasSize(1);
    assertThatExceptionOfType(EventTooLargeException.class)
        .isThrownBy(() -> parse("data:" + "x".repeat(BOUND - 4) + "\n\n"));
  }

  @Test
  void a_line_without_end_is_refused_at_the_bound() throws Exception {
    EventParser parser = new EventParser(BOUND);
    byte[] piece = ":".repeat(100).getBytes(UTF_8);
    assertThatExceptionOfType(EventTooLargeException.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i <= BOUND / 100; i++) {
                parser.feed(piece, event -> {});
              }
            });
    assertThatExceptionOfType(EventTooLargeException.class)
        .as("and nothing can be fed after that")
        .isThrownBy(() -> parser.feed("\n\ndata: x\n\n".getBytes(UTF_8), event -> {}));
  }

  @Test
  void many_small_data_lines_are_refused_at_the_bound() {
    assertThatExceptionOfType(EventTooLargeException.class)
        .isThrownBy(() -> parse("data: 123\n".repeat(BOUND)));
  }

  @Test
  void many_small_events_are_not() throws Exception {
    assertThat(parse("data: 123\n\n".repeat(BOUND))).hasSize(BOUND);
  }

  @Test
  void cut_in_two_anywhere_it_reads_the_same() throws Exception {
    byte[] text =
        "\uFEFFid: 1\r\nevent: ü\r\ndata: {\"a\":\r\ndata: \"日本語\"}\r\n\r\n:c\n\nretry: 5\rdata:x\r\r"
            .getBytes(UTF_8);
    List<String> whole = parse(text);
    assertThat(whole).hasSize(2);
    for (int cut = 0; cut <= text.length; cut++) {
      EventParser parser = new EventParser(BOUND);
      List<String> events = new ArrayList<>();
      parser.feed(text, 0, cut, event -> events.add(show(event)));
      parser.feed(text, cut, text.length, event -> events.add(show(event)));
      assertThat(events).as("cut at %d", cut).isEqualTo(whole);
      assertThat(parser.retryMillis()).hasValue(5);
    }
  }

  @Test
  void any_stream_in_any_pieces_reads_the_same() throws Exception {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] text = stream(random).getBytes(UTF_8);
      assertThat(inPieces(text, random)).as("seed %d", seed).isEqualTo(parse(text));
    }
  }

  private static String stream(Random random) {
    String[] parts = {
      "data",
      "id",
      "event",
      "retry",
      ":",
      ": ",
      "x",
      "é",
      "12",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "\0",
      "\uFEFF",
      " ",
      "data: {\"jsonrpc\":\"2.0\"}\n\n"
    };
    StringBuilder stream = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      stream.append(parts[random.nextInt(parts.length)]);
    }
    return stream.toString();
  }

  private static List<String> inPieces(byte[] text, Random random) throws Exception {
    EventParser parser = new EventParser(BOUND);
    List<String> events = new ArrayList<>();
    int at = 0;
    while (at < text.length) {
      int to = Math.min(text.length, at + 1 + random.nextInt(4));
      parser.feed(text, at, to, event -> events.add(show(event)));
      at = to;
    }
    return events;
  }

  private static List<String> parse(String text) throws Exception {
    return parse(text.getBytes(UTF_8));
  }

  private static List<String> parse(byte[] text) throws Exception {
    List<String> events = new ArrayList<>();
    new EventParser(BOUND).feed(text, event -> events.add(show(event)));
    return events;
  }

  private static void feed(EventParser parser, String text, List<String> events) throws Exception {
    parser.feed(text.getBytes(UTF_8), event -> events.add(show(event)));
  }

  private static String show(ServerEvent event) {
    return event.type() + "|" + new String(event.data(), UTF_8) + "|" + event.lastEventId();
  }
}
