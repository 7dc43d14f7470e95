package dev.sallyport.signin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HtmlTest {
  @Test
  void text_and_attributes_are_escaped() {
    Html html =
        Html.element("p", Html.text("<b>'\"&amp;</b>")).with("title", "\"><script>' onclick='x");

    assertThat(html.written())
        .isEqualTo(
            "<p title=\"&quot;&gt;&lt;script&gt;&#39; onclick=&#39;x\">"
                + "&lt;b&gt;&#39;&quot;&amp;amp;&lt;/b&gt;</p>");
  }

  @Test
  void plain_text_stays_as_it_is() {
    assertThat(Html.element("p", Html.text("Grüße, 世界")).written()).isEqualTo("<p>Grüße, 世界</p>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"onclick", "a b", "a=b", "\"", "", "A"})
  void no_attribute_is_named_like_that(String name) {
    assertThatThrownBy(() -> Html.element("p").with(name, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"script", "p onclick=x", "<p", ""})
  void no_element_is_named_like_that(String name) {
    assertThatThrownBy(() -> Html.element(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_style_sheet_cannot_end_itself() {
    assertThat(new Html.Style("p{}").written()).isEqualTo("<style>p{}</style>");
    assertThatThrownBy(() -> new Html.Style("</style>"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_strangers_call_themselves_is_shown_on_one_short_line() {
    assertThat(Shown.of("  A\r\n\tgood   name ")).isEqualTo("A good name");
    assertThat(Shown.of("evil\u202eelpmaxe\u2066\u200b\ufeff\u0007")).isEqualTo("evilelpmaxe");
    assertThat(Shown.of("x".repeat(500))).hasSize(81).endsWith("x…");
    assertThat(Shown.of("😀".repeat(80))).isEqualTo("😀".repeat(80));
  }
}
