package dev.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TerminalTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/pts/0",
        "/dev/pts/12",
        "/dev/tty",
        "/dev/tty1",
        "/dev/ttyS0",
        "/dev/console"
      })
  void somebody_looks_at_a_terminal(String file) {
    assertThat(Terminal.isOne(file)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pipe:[4711]",
        "socket:[4711]",
        "/dev/null",
        "/var/log/dev/pts/0",
        "/dev/pts/0x",
        ""
      })
  void nobody_looks_at_anything_else(String file) {
    assertThat(Terminal.isOne(file)).isFalse();
  }
}
