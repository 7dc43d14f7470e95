package dev.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ErasTest {
  private static final String SAMPLE = Product.ROOT_PACKAGE + ".architecture.sample";

  private final JavaClasses samples = Product.samples();

  @Test
  void only_legacy_and_modern_packages_branch_on_an_era() {
    assertThat(Eras.branches(Product.ROOT_PACKAGE, Product.classes())).isEmpty();
  }

  @Test
  void a_branch_on_an_era_elsewhere_is_found() {
    assertThat(Eras.branches(SAMPLE, samples))
        .anyMatch(
            found ->
                found.contains("BranchesOnEra.asks") && found.contains("ProtocolVersion.era()"))
        .anyMatch(
            found -> found.contains("BranchesOnEra.switches") && found.contains("Era.ordinal()"))
        .anyMatch(
            found -> found.contains("BranchesOnEra.asksMethod") && found.contains("Method.eras()"))
        .anyMatch(
            found ->
                found.contains("BranchesOnEra.switchesMethod") && found.contains("Eras.ordinal()"));
  }

  @Test
  void a_branch_in_a_package_named_legacy_is_fine() {
    assertThat(Eras.branches(SAMPLE, samples)).noneMatch(found -> found.contains("MayBranch"));
  }

  @Test
  void only_the_version_type_spells_versions() {
    assertThat(Eras.literals(Product.sources())).isEmpty();
  }

  @Test
  void a_spelled_version_is_found_with_its_line() {
    var source =
        new Source(
            "gateway/src/main/java/a/A.java", "class A {\n  String v = \"2025-11-25\";\n}\n");

    assertThat(Eras.literals(List.of(source)))
        .containsExactly(
            "gateway/src/main/java/a/A.java:2 spells the version 2025-11-25; ProtocolVersion has"
                + " it");
  }

  @Test
  void a_version_in_a_comment_or_in_a_legacy_package_is_fine() {
    var comment =
        new Source(
            "gateway/src/main/java/a/A.java",
            "// 2025-11-25, basic/lifecycle\n/* 2025-11-25 */ class A {}\n");
    var legacy =
        new Source(
            "upstream/src/main/java/a/legacy/B.java", "class B { String v = \"2025-11-25\"; }\n");

    assertThat(Eras.literals(List.of(comment, legacy))).isEmpty();
  }

  @Test
  void an_example_may_have_days_in_its_data_but_no_version() {
    String path = "examples/order-assistant/src/main/java/a/A.java";

    assertThat(Eras.literals(List.of(new Source(path, "String day = \"2026-01-12\";")))).isEmpty();
    assertThat(Eras.literals(List.of(new Source(path, "String version = \"2026-07-28\";"))))
        .hasSize(1);
  }
}
