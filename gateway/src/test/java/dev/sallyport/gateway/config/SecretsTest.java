package dev.sallyport.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "https://x.example/mcp?api_key=s3cret ^ https://x.example/mcp?***",
        "https://x.example/mcp?s3cret#more ^ https://x.example/mcp?***",
        "https://x.example/#s3cret ^ https://x.example/#***",
        "https://u:s3cret@x.example:8443/mcp ^ https://***@x.example:8443/mcp",
        "postgres://u:s3@cret@db/name ^ postgres://***@db/name",
        "postgres://u:s3c/ret@db/name ^ postgres://***",
        "postgres://u:s3c#ret@db/name ^ postgres://***",
        "--url=https://x.example/?s3cret --more ^ --url=https://x.example/?*** --more",
        "jdbc:mysql://db/x?password=s3cret ^ jdbc:mysql://db/x?***",
        "--token=s3cret ^ --token=***",
        "-apiKey=s3cret ^ -apiKey=***",
        "API_KEY=s3cret run ^ API_KEY=***",
        "Authorization: Bearer s3cret ^ Authorization: ***",
        "Authorization:s3cret ^ Authorization:***",
        "--header=X-Auth: s3cret ^ --header=X-Auth: ***",
        "Server=db;Password=s3cret ^ Server=db;Password=***",
        "{\"port\": 1, \"apiKey\": \"s3cret\"} ^ {\"port\": 1, \"apiKey\": ***",
        "--token= --password=s3cret ^ --token= ***",
      })
  void what_may_be_a_secret_is_masked(String text, String masked) {
    assertThat(Secrets.masked(text)).isEqualTo(masked).doesNotContain("s3c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-y",
        "@modelcontextprotocol/server-filesystem",
        "https://auth.example:443/keys/token",
        "https://x.example/@scope/pkg?",
        "http://[::1]:80/",
        "file:///run/secrets/key",
        "/run/secrets/token:ro",
        "--port=80",
        "Accept: text/plain",
        "--token=",
        "Authorization: Bearer ",
        "***",
      })
  void what_is_none_is_shown(String text) {
    assertThat(Secrets.masked(text)).isEqualTo(text);
  }

  @Test
  void what_follows_a_flag_that_names_a_secret_is_masked_and_what_follows_others_is_not() {
    assertThat(
            Secrets.masked(
                List.of("--api-key", "s3cret", "--port", "80", "-token", "-S3cret", "plain")))
        .containsExactly("--api-key", "***", "--port", "80", "-token", "***", "plain");
    assertThat(Secrets.masked(List.of("s3cret", "--password"))).contains("s3cret", "--password");
  }

  @Test
  void another_flag_or_nothing_is_no_value() {
    List<String> none = List.of("--no-auth", "--port=80", "--no-auth", "-v", "--token", "", "x");
    assertThat(Secrets.masked(none)).isEqualTo(none);
    assertThat(Secrets.masked(List.of("--no-auth", "--api-key=s3cret")))
        .containsExactly("--no-auth", "--api-key=***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "API_KEY",
        "GITHUB_PAT",
        "X-Auth-Token",
        "cookie",
        "dbPassword",
        "--client-secret"
      })
  void names_of_secrets_are_known(String name) {
    assertThat(Secrets.isName(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOG", "PATH", "X-Region", "--port", ""})
  void names_of_other_things_are_no_secrets(String name) {
    assertThat(Secrets.isName(name)).isFalse();
  }

  @Test
  void long_texts_take_a_short_time() {
    for (String part : List.of("a", "auth", "a:", "key =", "://", "a://", "\"'", "@", "[", " ")) {
      String text = part.repeat(200_000);
      long begun = System.nanoTime();
      Secrets.masked(text);
      assertThat(System.nanoTime() - begun).as(part).isLessThan(LONGEST.toNanos());
    }
  }
}
