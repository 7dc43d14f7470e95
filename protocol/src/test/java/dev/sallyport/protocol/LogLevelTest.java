package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelTest {

  @ParameterizedTest
  @EnumSource
  void a_level_is_known_by_its_name_in_small_letters(LogLevel level) {
    assertThat(LogLevel.of(level.text())).contains(level);
    assertThat(LogLevel.of(level.name())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"})
  void every_level_of_the_schema_is_a_level(String level) {
    assertThat(LogLevel.of(level)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Debug", "trace", "warn", " info"})
  void nothing_else_is_a_level(String level) {
    assertThat(LogLevel.of(level)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'level':'loud'}", "{'level':'Error'}", "{'level':3}"})
  void a_message_without_a_proper_level_has_none(String params) {
    assertThat(LogLevel.of(new Message.Notification("notifications/message", object(params))))
        .isEmpty();
  }

  @Test
  void a_level_lets_itself_and_what_is_worse_pass() {
    assertThat(LogLevel.WARNING.isAtLeast(LogLevel.WARNING)).isTrue();
    assertThat(LogLevel.EMERGENCY.isAtLeast(LogLevel.WARNING)).isTrue();
    assertThat(LogLevel.NOTICE.isAtLeast(LogLevel.WARNING)).isFalse();
  }
}
