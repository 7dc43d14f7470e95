package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChildEnvironmentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TERM",
        "LANG",
        "LANGUAGE",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "TMPDIR"
      })
  void what_programs_need_is_passed_on(String name) {
    assertThat(ChildEnvironment.of(Map.of(name, "x"), List.of(), Map.of()))
        .containsExactly(Map.entry(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS_SECRET_ACCESS_KEY",
        "SALLYPORT_KEY",
        "GITHUB_TOKEN",
        "LD_PRELOAD",
        "NODE_OPTIONS",
        "JAVA_TOOL_OPTIONS",
        "https_proxy",
        "SSH_AUTH_SOCK",
        "path",
        "LC",
        "XLC_ALL",
        "PATHEXT",
        "APPDATA"
      })
  void what_they_do_not_need_is_not(String name) {
    assertThat(ChildEnvironment.of(Map.of(name, "x"), List.of(), Map.of())).isEmpty();
  }

  @Test
  void the_operator_can_name_more() {
    assertThat(
            ChildEnvironment.of(
                Map.of("GITHUB_TOKEN", "t", "OTHER", "o", "HOME", "/h"),
                List.of("GITHUB_TOKEN", "MISSING"),
                Map.of("HOME", "/elsewhere", "EMPTY", "")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("GITHUB_TOKEN", "t", "HOME", "/elsewhere", "EMPTY", ""));
  }

  @Test
  void an_exported_shell_function_is_code_and_stays_here() {
    assertThat(ChildEnvironment.of(Map.of("TERM", "() { :; }; evil"), List.of(), Map.of()))
        .isEmpty();
  }

  @Test
  void windows_has_names_of_its_own_in_any_case() {
    assertThat(
            ChildEnvironment.of(
                Map.of("SystemRoot", "C:\\Windows", "Path", "p", "AppData", "a", "SECRET", "s"),
                List.of(),
                Map.of()))
        .containsOnlyKeys("SystemRoot", "Path", "AppData");
  }
}
