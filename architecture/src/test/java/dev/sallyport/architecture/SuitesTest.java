package dev.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SuitesTest {
  private static final Source SUITE =
      new Source("interop/suites/demo", "#!/usr/bin/env bash\n# budget: 3  proves it\n");

  @Test
  void contributing_names_every_suite_and_its_budget() {
    assertThat(Suites.missing(Product.suites(), Product.contributing())).isEmpty();
  }

  @Test
  void a_suite_with_its_row_is_fine() {
    assertThat(Suites.missing(List.of(SUITE), "| demo | 3 min | proves it |")).isEmpty();
  }

  @Test
  void a_suite_without_its_row_or_with_another_budget_is_found() {
    assertThat(Suites.missing(List.of(SUITE), "| demo | 30 min | proves it |"))
        .containsExactly("CONTRIBUTING.md has no row that starts with: | demo | 3 min |");
  }

  @Test
  void a_suite_without_a_budget_is_found() {
    assertThat(Suites.missing(List.of(new Source("interop/suites/demo", "#!/bin/sh\n")), ""))
        .containsExactly(
            "interop/suites/demo has no '# budget: MINUTES  what it proves' as its second line");
  }
}
