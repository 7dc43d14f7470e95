package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpFieldsTest {
  private static final HttpFields FIELDS =
      HttpFields.empty().with("Accept", "a").with("X-Key", " secret\t").with("accept", "b");

  @Test
  void names_compare_without_case_and_order_is_kept() {
    assertThat(FIELDS.first("ACCEPT")).contains("a");
    assertThat(FIELDS.all("Accept")).containsExactly("a", "b");
    assertThat(FIELDS.first("missing")).isEmpty();
    assertThat(FIELDS.all("missing")).isEmpty();
    List<String> all = new ArrayList<>();
    FIELDS.forEach((name, value) -> all.add(name + "=" + value));
    assertThat(all).containsExactly("Accept=a", "X-Key=secret", "accept=b");
  }

  @Test
  void white_space_around_a_value_is_no_part_of_it_and_an_empty_value_is_one() {
    assertThat(FIELDS.first("x-key")).contains("secret");
    assertThat(HttpFields.empty().with("X", " \t ").first("X")).contains("");
  }

  @Test
  void adding_a_field_changes_nothing_else() {
    HttpFields one = HttpFields.empty().with("A", "1");
    HttpFields two = one.with("B", "2");
    assertThat(one.first("B")).isEmpty();
    assertThat(two).isEqualTo(one.with(HttpFields.empty().with("B", "2")));
    assertThat(two).isNotEqualTo(one);
    assertThat(HttpFields.empty().all("A")).isEmpty();
  }

  @Test
  void a_value_is_no_part_of_the_text_for_logs() {
    assertThat(FIELDS.toString()).contains("X-Key").doesNotContain("secret");
  }

  @Test
  void what_would_be_more_than_one_field_is_refused() {
    for (String name : List.of("", "a b", "a:", "a\r\nb", "ä", "a(b)")) {
      assertThatIllegalArgumentException().isThrownBy(() -> HttpFields.empty().with(name, "x"));
    }
    for (String value : List.of("a\r\nb", "a\nb", "a\rb", "a\0b", "a\u001bb", "a\u007fb", "日本")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HttpFields.empty().with("X", value))
          .withMessageNotContaining("b");
    }
  }
}
