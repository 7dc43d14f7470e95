package dev.sallyport.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SitesTest {
  private static final Sites PUBLIC =
      new Sites(
          false,
          Set.of("MCP.team.example", "other.example:8443", "[2001:db8::1]"),
          Set.of("https://app.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
  void a_loopback_endpoint_answers_to_loopback_names(String host) {
    assertThat(Sites.LOOPBACK.answersTo(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8080",
        "127.0.0.2",
        "0.0.0.0",
        "[::2]",
        "::1",
        "",
        " ",
        "localhost:abc",
        "localhost:8080:1",
        "user@localhost",
        "localhost/path",
        "localhost?x",
        "localhost#x",
        "localhost.",
        "[::1",
        "127.1",
        "2130706433"
      })
  void a_loopback_endpoint_answers_to_nothing_else(String host) {
    assertThat(Sites.LOOPBACK.answersTo(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "mcp.team.example,true",
    "mcp.team.example:443,true",
    "Mcp.Team.Example:9999,true",
    "other.example:8443,true",
    "other.example,false",
    "other.example:443,false",
    "[2001:db8::1],true",
    "localhost,false",
    "127.0.0.1,false",
    "team.example,false",
    "x.mcp.team.example,false"
  })
  void a_public_endpoint_answers_to_its_names_only(String host, boolean answers) {
    assertThat(PUBLIC.answersTo(host)).isEqualTo(answers);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080,localhost:8080,true",
    "http://127.0.0.1:8080,localhost:8080,true",
    "http://[::1]:8080,127.0.0.1:8080,true",
    "http://localhost,localhost,true",
    "https://localhost,localhost:443,true",
    "http://localhost:5173,localhost:8080,false",
    "http://localhost,localhost:8080,false",
    "https://evil.example,localhost:8080,false",
    "http://localhost.evil.example:8080,localhost:8080,false",
    "null,localhost:8080,false",
    "file://localhost:8080,localhost:8080,false",
    "http://localhost:8080/,localhost:8080,false",
    "http://user@localhost:8080,localhost:8080,false",
    "localhost:8080,localhost:8080,false",
    "'',localhost:8080,false"
  })
  void a_loopback_endpoint_lets_in_the_pages_of_its_own_address(
      String origin, String host, boolean in) {
    assertThat(Sites.LOOPBACK.letsIn(origin, host)).isEqualTo(in);
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example,true",
    "HTTPS://APP.EXAMPLE,true",
    "http://app.example,false",
    "https://app.example:8443,false",
    "https://mcp.team.example,false",
    "http://localhost,false",
    "null,false"
  })
  void a_public_endpoint_lets_in_the_listed_origins_only(String origin, boolean in) {
    assertThat(PUBLIC.letsIn(origin, "mcp.team.example")).isEqualTo(in);
  }
}
