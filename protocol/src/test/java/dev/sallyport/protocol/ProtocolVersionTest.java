package dev.sallyport.protocol;

import static dev.sallyport.protocol.ProtocolVersion.Era.LEGACY;
import static dev.sallyport.protocol.ProtocolVersion.Era.MODERN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolVersionTest {

  @ParameterizedTest
  @CsvSource({
    "2024-11-05,LEGACY",
    "2025-03-26,LEGACY",
    "2025-06-18,LEGACY",
    "2025-11-25,LEGACY",
    "2026-07-28,MODERN"
  })
  void every_published_version_has_an_era(String text, ProtocolVersion.Era era) {
    assertThat(ProtocolVersion.of(text)).map(ProtocolVersion::era).contains(era);
    assertThat(ProtocolVersion.of(text)).map(ProtocolVersion::text).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2026-07-27", "2026-07-28 ", "draft", "v2026-07-28", "1900-01-01"})
  void nothing_else_is_a_version(String text) {
    assertThat(ProtocolVersion.of(text)).isEmpty();
  }

  @Test
  void lists_are_newest_first_4_T04() {
    assertThat(ProtocolVersion.newestFirst(LEGACY))
        .extracting(ProtocolVersion::text)
        .containsExactly("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");
    assertThat(ProtocolVersion.newestFirst(MODERN))
        .extracting(ProtocolVersion::text)
        .containsExactly("2026-07-28");
    assertThat(ProtocolVersion.LATEST_LEGACY)
        .isEqualTo(ProtocolVersion.newestFirst(LEGACY).getFirst());
    assertThat(ProtocolVersion.LATEST_MODERN)
        .isEqualTo(ProtocolVersion.newestFirst(MODERN).getFirst());
  }

  @Test
  void versions_are_in_the_order_of_their_dates() {
    for (ProtocolVersion one : ProtocolVersion.values()) {
      for (ProtocolVersion other : ProtocolVersion.values()) {
        assertThat(one.atLeast(other)).isEqualTo(one.text().compareTo(other.text()) >= 0);
      }
    }
  }

  @Test
  void a_legacy_request_without_a_mark_is_taken_for_2025_03_26_VN_14() {
    assertThat(ProtocolVersion.ASSUMED_LEGACY.text()).isEqualTo("2025-03-26");
  }
}
