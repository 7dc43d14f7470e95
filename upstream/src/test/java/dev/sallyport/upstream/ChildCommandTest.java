package dev.sallyport.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChildCommandTest {
  @Test
  void arguments_and_values_do_not_show() {
    ChildCommand command =
        new ChildCommand(
            List.of("server", "--token", "secret-1"),
            Map.of("KEY", "secret-2"),
            List.of("OTHER"),
            Optional.empty());

    assertThat(command).hasToString("ChildCommand[server, 2 arguments]");
  }

  @Test
  void a_command_has_a_program() {
    assertThatIllegalArgumentException().isThrownBy(() -> ChildCommand.of());
    assertThatIllegalArgumentException().isThrownBy(() -> ChildCommand.of(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A=B", "A\0"})
  void a_variables_name_has_neither_equals_sign_nor_nul(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ChildCommand(List.of("x"), Map.of(name, "v"), List.of(), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ChildCommand(List.of("x"), Map.of(), List.of(name), Optional.empty()));
  }

  @Test
  void nothing_holds_a_nul() {
    assertThatIllegalArgumentException().isThrownBy(() -> ChildCommand.of("a", "b\0c"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ChildCommand(List.of("x"), Map.of("A", "\0"), List.of(), Optional.empty()));
  }
}
