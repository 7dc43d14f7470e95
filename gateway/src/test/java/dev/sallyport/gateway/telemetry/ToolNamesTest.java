package dev.sallyport.gateway.telemetry;

import static dev.sallyport.gateway.telemetry.ToolNames.Word.DOUBTFUL;
import static dev.sallyport.gateway.telemetry.ToolNames.Word.SILENT;
import static dev.sallyport.gateway.telemetry.ToolNames.Word.THERE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolNamesTest {
  private final ToolNames names = new ToolNames(5, 2);

  @Test
  void a_tool_that_answered_has_its_name_from_then_on_however_it_ends() {
    assertThat(label("search", THERE)).isEqualTo("search");
    assertThat(label("search", DOUBTFUL)).isEqualTo("search");
    assertThat(label("search", SILENT)).isEqualTo("search");
  }

  @Test
  void a_tool_that_does_not_exist_has_none() {
    assertThat(label("search", SILENT)).isEqualTo("other");
  }

  @Test
  void names_that_only_ever_failed_leave_room_for_those_that_answer() {
    assertThat(label("a", DOUBTFUL)).isEqualTo("a");
    assertThat(label("b", DOUBTFUL)).isEqualTo("b");
    assertThat(label("c", DOUBTFUL)).isEqualTo("other");
    assertThat(label("d", THERE)).isEqualTo("d");
    assertThat(label("e", THERE)).isEqualTo("e");
    assertThat(label("f", THERE)).isEqualTo("f");
    assertThat(label("g", THERE)).isEqualTo("other");
    assertThat(label("a", DOUBTFUL)).isEqualTo("a");
  }

  @Test
  void a_name_that_answers_at_last_makes_room_for_another_that_fails() {
    label("a", DOUBTFUL);
    label("b", DOUBTFUL);
    assertThat(label("a", THERE)).isEqualTo("a");
    assertThat(label("a", THERE)).isEqualTo("a");
    assertThat(label("c", DOUBTFUL)).isEqualTo("c");
    assertThat(label("d", DOUBTFUL)).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "get_x.y-z", "mit Leerzeichen", "süß", "\"quoted\"", "a\\b", "{a=b}"})
  void a_name_that_can_be_told_apart_is_a_label(String name) {
    assertThat(label(name, THERE)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\rb", "\u0000", "a\u0085b", "\u007f", "\uD83D\uDE00"})
  void a_name_that_cannot_is_none(String name) {
    assertThat(label(name, THERE)).isEqualTo("other");
  }

  @Test
  void the_longest_name_fits_and_a_longer_one_does_not() {
    assertThat(label("n".repeat(128), THERE)).hasSize(128);
    assertThat(label("n".repeat(129), THERE)).isEqualTo("other");
    assertThat(label("n".repeat(1 << 20), THERE)).isEqualTo("other");
  }

  @Test
  void what_is_no_string_is_no_name() {
    assertThat(names.label(Json.of(7), THERE)).isEqualTo("other");
    assertThat(names.label(Json.NULL, THERE)).isEqualTo("other");
  }

  private String label(String name, ToolNames.Word word) {
    return names.label(Json.of(name), word);
  }
}
