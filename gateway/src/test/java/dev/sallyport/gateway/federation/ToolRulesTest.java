package dev.sallyport.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ToolRulesTest {
  @ParameterizedTest
  @CsvSource({
    "read_*, read_file, true",
    "read_*, read_, true",
    "read_*, unread_file, false",
    "*_file, read_file, true",
    "*_file, read_files, false",
    "a*b*c, aXbYc, true",
    "a*b*c, abcbc, true",
    "a*b*c, acb, false",
    "*, anything, true",
    "read_file, read_file, true",
    "read_file, read_fil, false",
    "read.file, read_file, false",
    "**, x, true"
  })
  void a_star_is_any_run_of_characters(String pattern, String tool, boolean open) {
    assertThat(allowing(pattern).offered(tool).isPresent()).isEqualTo(open);
  }

  @Test
  void without_rules_every_tool_has_its_own_name() {
    assertThat(ToolRules.ALL.offered("x")).contains("x");
    assertThat(ToolRules.ALL.original("x")).contains("x");
  }

  @Test
  void what_is_denied_is_not_offered_whatever_allows_it() {
    ToolRules rules = new ToolRules(List.of("*"), List.of("write_*"), Map.of());
    assertThat(rules.offered("read")).contains("read");
    assertThat(rules.offered("write_file")).isEmpty();
    assertThat(rules.original("write_file")).isEmpty();
  }

  @Test
  void a_renamed_tool_is_found_by_its_new_name_only() {
    ToolRules rules = new ToolRules(List.of(), List.of(), Map.of("read_file", "read"));
    assertThat(rules.offered("read_file")).contains("read");
    assertThat(rules.original("read")).contains("read_file");
    assertThat(rules.original("read_file")).isEmpty();
  }

  @Test
  void a_tool_whose_name_another_one_got_is_not_offered() {
    ToolRules rules = new ToolRules(List.of(), List.of(), Map.of("a", "b"));
    assertThat(rules.offered("b")).isEmpty();
    assertThat(rules.original("b")).contains("a");
  }

  @Test
  void two_tools_can_change_names() {
    ToolRules rules = new ToolRules(List.of(), List.of(), Map.of("a", "b", "b", "a"));
    assertThat(rules.offered("a")).contains("b");
    assertThat(rules.original("a")).contains("b");
  }

  @Test
  void a_new_name_opens_nothing_that_is_denied() {
    ToolRules rules = new ToolRules(List.of(), List.of("a"), Map.of("a", "b"));
    assertThat(rules.offered("a")).isEmpty();
    assertThat(rules.original("b")).isEmpty();
  }

  @Test
  void one_name_for_two_tools_is_refused() {
    assertThatThrownBy(() -> new ToolRules(List.of(), List.of(), Map.of("a", "same", "b", "same")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Timeout(10)
  void a_name_made_for_a_pattern_takes_no_long_time() {
    ToolRules rules = allowing("*a".repeat(60) + "b");
    assertThat(rules.offered("a".repeat(100_000))).isEmpty();
  }

  private static ToolRules allowing(String pattern) {
    return new ToolRules(List.of(pattern), List.of(), Map.of());
  }
}
