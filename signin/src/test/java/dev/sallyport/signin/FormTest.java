package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FormTest {
  @Test
  void values_are_decoded() {
    Form form = Form.read("a=b+c%20d&%C3%BC=%e4%b8%96&empty=&bare").orElseThrow();

    assertThat(form.get("a")).contains("b c d");
    assertThat(form.get("ü")).contains("世");
    assertThat(form.has("empty")).isFalse();
    assertThat(form.has("bare")).isFalse();
  }

  @Test
  void what_is_given_twice_has_no_value() {
    Form form = Form.read("a=1&b=2&a=1").orElseThrow();

    assertThat(form.get("a")).isEmpty();
    assertThat(form.has("a")).isTrue();
    assertThat(form.repeats(List.of("x", "a"))).isTrue();
    assertThat(form.repeats(List.of("b"))).isFalse();
    assertThat(form.get("b")).contains("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%4",
        "a=%4x",
        "a=%-1",
        "a=%ff",
        "a=%c0%80",
        "a=%00",
        "a=%0d%0a",
        "a=\u00fc"
      })
  void what_is_not_encoded_as_it_should_be_is_no_form(String text) {
    assertThat(Form.read(text)).isEmpty();
  }

  @Test
  void there_is_a_bound() {
    assertThat(Form.read("a=" + "x".repeat(16 * 1024 - 2))).isPresent();
    assertThat(Form.read("a=" + "x".repeat(16 * 1024 - 1))).isEmpty();
    assertThat(Form.read("&".repeat(39))).isPresent();
    assertThat(Form.read("&".repeat(40))).isEmpty();
  }

  @Test
  void its_values_are_not_printed() {
    assertThat(Form.read("code=secret").orElseThrow()).asString().isEqualTo("Form[code]");
  }
}
