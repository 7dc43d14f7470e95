package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpositionTest {
  @Test
  void a_page_is_written_line_by_line() {
    String text =
        new Exposition()
            .family("a", "gauge", "What a is.")
            .sample("a", 3L, Map.of())
            .sample("a", 0.25, Map.of("b", "c"))
            .text();

    assertThat(text).isEqualTo("# HELP a What a is.\n# TYPE a gauge\na 3\na{b=\"c\"} 0.25\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"",
        "\\",
        "\\n",
        "\n",
        "a\nb 1\n",
        "\"} 1\nx{y=\"",
        "ümlaut",
        "},{="
      })
  void whatever_a_label_holds_comes_back_and_adds_no_line(String value) {
    String text =
        new Exposition()
            .family("a", "gauge", "What a is.")
            .sample("a", 1L, Map.of("b", value))
            .text();

    StrictPage page = StrictPage.of(text);
    assertThat(text.lines()).hasSize(3);
    assertThat(page.samples()).containsExactly(new StrictPage.Sample("a", Map.of("b", value), 1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1",
    "300, 300",
    "0.01, 0.01",
    "1234567890123, 1234567890123",
    "1e18, 1.0E18",
    "NaN, NaN"
  })
  void numbers_are_as_short_as_they_can_be(double number, String text) {
    assertThat(Exposition.number(number)).isEqualTo(text);
  }
}
