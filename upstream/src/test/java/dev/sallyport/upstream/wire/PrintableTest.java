package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintableTest {
  @Test
  void plain_text_stays() {
    assertThat(Printable.of("Grüße, 世界 🚢")).isEqualTo("Grüße, 世界 🚢");
  }

  @Test
  void what_could_rewrite_a_terminal_or_hide_in_a_log_goes() {
    assertThat(Printable.of("\u001b[2Ja\r\nb\u009b1mc\u202Ed\u200Be\u0000"))
        .isEqualTo(" [2Ja  b 1mcde ");
  }

  @Test
  void a_long_line_is_cut() {
    assertThat(Printable.of("x".repeat(5_000))).hasSize(2_000);
  }
}
