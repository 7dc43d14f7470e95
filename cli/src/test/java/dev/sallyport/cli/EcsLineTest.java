package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Log;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EcsLineTest {
  private static final Instant WHEN = Instant.parse("2026-03-01T10:02:11.5Z");

  @Test
  void a_line_has_the_fields_of_the_schema_in_the_order_in_which_people_look() throws Exception {
    assertThat(line(event("all is well", Optional.empty())))
        .isEqualTo(
            "{\"@timestamp\":\"2026-03-01T10:02:11.500Z\",\"log.level\":\"warn\","
                + "\"message\":\"all is well\",\"ecs.version\":\"8.11.0\","
                + "\"service.name\":\"sallyport\",\"log.logger\":\"dev.sallyport.cli.Serve\","
                + "\"process.thread.name\":\"http-7\"}");
  }

  @Test
  void it_says_under_which_name_the_process_is_known_to_others() throws Exception {
    LoggingEvent event = event("all is well", Optional.empty());
    assertThat(parsed(EcsLine.of(event, "team \"a\"")).string("service.name"))
        .contains("team \"a\"");
    assertThat(parsed(EcsLine.of(0, "warn", "some are missing", ErrorLines.class, "team")))
        .satisfies(line -> assertThat(line.string("service.name")).contains("team"));
  }

  @Test
  void within_a_trace_a_line_says_which_and_outside_of_one_nothing() throws Exception {
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    LoggingEvent event = event("all is well", Optional.empty());
    assertThat(parsed(Log.within(id, () -> line(event))).string("trace.id")).contains(id);
    assertThat(parsed(line(event)).names()).doesNotContain("trace.id");
  }

  @Test
  void an_error_has_its_type_its_message_and_where_it_came_from() throws Exception {
    JsonObject line =
        parsed(
            line(
                event(
                    "it broke",
                    Optional.of(
                        new IllegalStateException(
                            "half", new IllegalArgumentException("the other"))))));
    assertThat(line.string("error.type")).contains("java.lang.IllegalStateException");
    assertThat(line.string("error.message")).contains("half");
    assertThat(line.string("error.stack_trace").orElseThrow())
        .contains("EcsLineTest", "Caused by: java.lang.IllegalArgumentException: the other");
  }

  @Test
  void an_error_without_a_message_has_none() throws Exception {
    JsonObject line = parsed(line(event("it broke", Optional.of(new IllegalStateException()))));
    assertThat(line.names()).contains("error.type").doesNotContain("error.message");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"quoted\\\"",
        "two\nlines\r\n\ttab",
        "\0\u0001\u001b[31mred\u007f\u0085\u009b",
        "\u2028\u2029\ufeff\u202eright to left",
        "emoji \ud83d\ude80, umlaut ü, euro €",
        "tag \udb40\udc41 of a format",
      })
  void whatever_is_in_it_it_is_one_line_that_reads_back_and_drives_no_terminal(String text)
      throws Exception {
    String line = line(event(text, Optional.empty()));
    assertThat(parsed(line).string("message")).contains(text);
    assertThat(line.codePoints().mapToObj(Character::getType))
        .doesNotContain(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude80", "a\ud83db", "\ude80\ud83d"})
  void half_of_a_pair_becomes_a_mark(String half) throws Exception {
    String line = line(event(half, Optional.empty()));
    assertThat(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(line);
    assertThat(parsed(line).string("message"))
        .contains(half.replace('\ud83d', '\ufffd').replace('\ude80', '\ufffd'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\n", "\0", "ü", "€", "\ud83d\ude80", "\ud83d", "\""})
  void a_line_has_a_bound_and_says_that_it_was_cut(String piece) throws Exception {
    String endless = piece.repeat(100_000);
    Throwable why = new IllegalStateException(endless, new IllegalArgumentException(endless));
    String line = line(event(endless, Optional.of(why), endless));
    assertThat(line.getBytes(StandardCharsets.UTF_8).length + 1)
        .isBetween(EcsLine.MOST_BYTES - 100, EcsLine.MOST_BYTES);
    JsonObject parsed = parsed(line);
    for (String cut : new String[] {"message", "error.message", "process.thread.name"}) {
      assertThat(parsed.string(cut).orElseThrow()).endsWith("…");
    }
    assertThat(parsed.string("error.stack_trace").orElseThrow()).endsWith("…");
  }

  @Test
  void what_just_fits_is_not_cut() throws Exception {
    String fits = "x".repeat(8 * 1024);
    assertThat(parsed(line(event(fits, Optional.empty()))).string("message")).contains(fits);
    assertThat(parsed(line(event(fits + "x", Optional.empty()))).string("message").orElseThrow())
        .hasSize(8 * 1024 - 2)
        .endsWith("x…");
  }

  private static JsonObject parsed(String line) throws JsonException {
    assertThat(line.lines()).hasSize(1);
    return Json.parse(line).asObject().orElseThrow();
  }

  private static String line(LoggingEvent event) {
    return EcsLine.of(event, "sallyport");
  }

  private static LoggingEvent event(String message, Optional<Throwable> why) {
    return event(message, why, "http-7");
  }

  private static LoggingEvent event(String message, Optional<Throwable> why, String thread) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName("dev.sallyport.cli.Serve");
    event.setLoggerContext(context);
    event.setLevel(Level.WARN);
    event.setMessage(message);
    event.setThreadName(thread);
    event.setTimeStamp(WHEN.toEpochMilli());
    why.ifPresent(
        thrown -> event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(thrown)));
    return event;
  }
}
