package dev.sallyport.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URIs on an endpoint of several servers (mcp-reference 2.7.5). */
final class UrisTest {
  private final Uris uris = new Uris("notes");

  @ParameterizedTest
  @CsvSource({
    "file:///a b,notes+file:///a b",
    "https://example.com/x?y#z,notes+https://example.com/x?y#z",
    "git+ssh://host/repo,notes+git+ssh://host/repo",
    "file:///{path},notes+file:///{path}",
    "{scheme}://x,notes+{scheme}://x",
    "ui://chart/page,ui://notes/chart/page",
    "ui://,ui://notes/",
    "no-uri,notes+no-uri",
  })
  void a_uri_says_whose_it_is_and_comes_back(String original, String exposed) {
    assertThat(uris.exposed(original)).isEqualTo(exposed);
    assertThat(Uris.prefix(exposed)).contains("notes");
    assertThat(uris.original(exposed)).isEqualTo(original);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///a",
        "ui://",
        "ui://page",
        "",
        "notes:file",
        "5+file:///a",
        "x.notes+file:///a",
        "+a"
      })
  void a_uri_without_a_prefix_is_nobodys(String uri) {
    assertThat(Uris.prefix(uri)).isEmpty();
  }

  @Test
  void a_prefix_that_begins_with_a_digit_makes_a_uri_all_the_same() {
    Uris own = new Uris("2024");
    assertThat(own.exposed("file:///a")).isEqualTo("x.2024+file:///a");
    assertThat(Uris.prefix("x.2024+file:///a")).contains("2024");
    assertThat(own.original("x.2024+file:///a")).isEqualTo("file:///a");
  }

  @Test
  void a_plus_far_inside_names_nobody_that_there_is() {
    assertThat(Uris.prefix("file:///a+b")).contains("file:///a");
    assertThat(Member.isPrefix("file:///a")).isFalse();
  }
}
