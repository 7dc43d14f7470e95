package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodTest {
  /**
   * What the schema of 2025-11-25 lists, without the tasks that are not offered to legacy peers.
   */
  private static final Set<String> LEGACY =
      Set.of(
          "completion/complete",
          "elicitation/create",
          "initialize",
          "logging/setLevel",
          "notifications/cancelled",
          "notifications/elicitation/complete",
          "notifications/initialized",
          "notifications/message",
          "notifications/progress",
          "notifications/prompts/list_changed",
          "notifications/resources/list_changed",
          "notifications/resources/updated",
          "notifications/roots/list_changed",
          "notifications/tools/list_changed",
          "ping",
          "prompts/get",
          "prompts/list",
          "resources/list",
          "resources/read",
          "resources/subscribe",
          "resources/templates/list",
          "resources/unsubscribe",
          "roots/list",
          "sampling/createMessage",
          "tools/call",
          "tools/list",
          "tasks/get",
          "tasks/cancel");

  /** What the schema of 2026-07-28 lists as messages, and the three of the tasks extension. */
  private static final Set<String> MODERN =
      Set.of(
          "completion/complete",
          "notifications/cancelled",
          "notifications/message",
          "notifications/progress",
          "notifications/prompts/list_changed",
          "notifications/resources/list_changed",
          "notifications/resources/updated",
          "notifications/subscriptions/acknowledged",
          "notifications/tasks",
          "notifications/tools/list_changed",
          "prompts/get",
          "prompts/list",
          "resources/list",
          "resources/read",
          "resources/templates/list",
          "server/discover",
          "subscriptions/listen",
          "tools/call",
          "tools/list",
          "tasks/get",
          "tasks/update",
          "tasks/cancel");

  @Test
  void the_catalogue_is_that_of_the_schemas() {
    assertThat(texts(method -> method.eras() != Method.Eras.MODERN)).isEqualTo(LEGACY);
    assertThat(texts(method -> method.eras() != Method.Eras.LEGACY)).isEqualTo(MODERN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe"
      })
  void what_the_modern_version_removed_is_legacy_VN_17(String method) {
    assertThat(Method.of(method)).map(Method::eras).contains(Method.Eras.LEGACY);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void notifications_are_those_named_so(Method method) {
    assertThat(method.form() == Method.Form.NOTIFICATION)
        .isEqualTo(method.text().startsWith("notifications/"));
    assertThat(Method.of(method.text())).contains(method);
    assertThat(method.is(method.text())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"tools/call,name", "prompts/get,name", "resources/read,uri", "tasks/get,taskId"})
  void a_method_knows_what_names_its_target(String method, String parameter) {
    assertThat(Method.of(method).flatMap(Method::target)).contains(parameter);
  }

  @Test
  void a_list_has_no_target() {
    assertThat(Method.TOOLS_LIST.target()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Tools/call", "tools/call ", "tools", "foo/bar"})
  void any_other_text_is_no_method(String text) {
    assertThat(Method.of(text)).isEmpty();
  }

  @Test
  void questions_go_to_clients_and_calls_to_servers() {
    assertThat(
            texts(
                method ->
                    method.form() == Method.Form.REQUEST
                        && method.direction() == Method.Direction.TO_CLIENT))
        .containsExactlyInAnyOrder("sampling/createMessage", "elicitation/create", "roots/list");
  }

  private static Set<String> texts(Predicate<Method> which) {
    return Arrays.stream(Method.values())
        .filter(which)
        .map(Method::text)
        .collect(Collectors.toSet());
  }
}
