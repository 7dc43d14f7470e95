package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedirectUriTest {
  private static RedirectUri uri(String text) {
    return RedirectUri.of(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example",
        "https://a.example/cb?x=1",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://[::1]:80/",
        "http://localhost:6274/oauth/callback"
      })
  void answers_go_to_sites_with_tls_and_to_this_computer(String text) {
    assertThat(RedirectUri.isSound(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.example/cb",
        "http://127.0.0.2/cb",
        "http://2130706433/cb",
        "http://127.1/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "https://a.example/cb#",
        "https://a.example/c b",
        "https://a.example\\@b.example/",
        "https:a.example",
        "https:///cb",
        "cursor://callback",
        "javascript://127.0.0.1/%0aalert(1)",
        ""
      })
  void answers_go_nowhere_else(String text) {
    assertThat(RedirectUri.isSound(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/cb, https://a.example/cb, true",
    "https://a.example/cb, https://a.example/cb/, false",
    "https://a.example/cb, https://a.example:443/cb, false",
    "http://127.0.0.1/cb, http://127.0.0.1:9/cb, true",
    "http://127.0.0.1:8/cb, http://127.0.0.1:9/cb, true",
    "http://127.0.0.1:8/cb, http://127.0.0.1:9/cb?x, false",
    "http://127.0.0.1:8, http://127.0.0.1:9, true",
    "http://127.0.0.1:8, http://127.0.0.1:9/, false",
    "http://localhost/cb, http://localhost:9/cb, true",
    "http://localhost/cb, http://127.0.0.1/cb, false",
    "http://[::1]/cb, http://[::1]:9/cb, true",
    "https://127.0.0.1/cb, https://127.0.0.1:9/cb, false"
  })
  void one_fits_what_was_registered_but_for_a_port_here(
      String registered, String given, boolean fits) {
    assertThat(uri(given).fits(uri(registered))).isEqualTo(fits);
  }

  @Test
  void an_answer_goes_behind_what_is_there_and_can_add_nothing() {
    List<Map.Entry<String, String>> answer =
        List.of(Map.entry("code", "a b&code=c#"), Map.entry("iss", "https://i"));

    assertThat(uri("https://a.example/cb").with(answer))
        .isEqualTo("https://a.example/cb?code=a+b%26code%3Dc%23&iss=https%3A%2F%2Fi");
    assertThat(uri("https://a.example/cb?x=1").with(answer))
        .startsWith("https://a.example/cb?x=1&code=");
  }

  @Test
  void a_policy_names_the_origin_alone_where_it_can() {
    assertThat(uri("https://a.example/cb?x=;").policySource()).isEqualTo("https://a.example");
    assertThat(uri("http://[::1]:9/cb").policySource()).isEqualTo("http:");
  }
}
