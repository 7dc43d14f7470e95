package dev.sallyport.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChallengeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer scope=\"a b\", resource_metadata=\"https://x.example/y\"",
        "bearer SCOPE = \"a b\" ,resource_metadata=https://x.example/y",
        "Basic realm=\"a, b=c\", Bearer scope=\"a b\", resource_metadata=\"https://x.example/y\"",
        "Negotiate, Bearer scope=\"a b\",, resource_metadata=\"https:\\//x.example/y\", x",
        "Negotiate YWJj==, Bearer scope=\"a b\", resource_metadata=\"https://x.example/y\""
      })
  void one_for_tokens_is_found_however_it_is_written(String field) {
    assertThat(Challenge.bearer(Challenge.read(List.of(field))).map(Challenge::parameters))
        .contains(Map.of("scope", "a b", "resource_metadata", "https://x.example/y"));
  }

  @Test
  void several_fields_are_as_good_as_one() {
    List<Challenge> all = Challenge.read(List.of("Digest realm=\"a\"", "Bearer error=\"e\""));
    assertThat(all).extracting(Challenge::scheme).containsExactly("digest", "bearer");
    assertThat(all.getLast().get("error")).contains("e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "Basic realm=\"Bearer x=y\"", "=Bearer", "\"Bearer\""})
  void there_is_none_where_none_is(String field) {
    assertThat(Challenge.bearer(Challenge.read(List.of(field)))).isEqualTo(Optional.empty());
  }

  @Test
  void whatever_a_server_writes_is_read_to_an_end() {
    List<String> pieces =
        List.of("Bearer", "=", "\"", "\\", ",", " ", "\t", "a", "scope", "==", "\u0000", "é");
    SplittableRandom random = new SplittableRandom(7);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder field = new StringBuilder();
      for (int left = random.nextInt(24); left > 0; left--) {
        field.append(pieces.get(random.nextInt(pieces.size())));
      }
      List<Challenge> all = Challenge.read(List.of(field.toString()));
      assertThat(all).noneMatch(each -> each.scheme().isEmpty());
      found += all.size();
    }
    assertThat(found).isGreaterThan(5_000);
    assertThat(Challenge.read(List.of("a, ".repeat(5_000)))).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void what_is_too_long_is_not_read() {
    String long16 = "Bearer scope=\"" + "a".repeat(16_384) + "\"";
    assertThat(Challenge.read(List.of(long16))).isEmpty();
    assertThat(Challenge.read(List.of(long16.replace("aaaa", "a")))).hasSize(1);
  }
}
