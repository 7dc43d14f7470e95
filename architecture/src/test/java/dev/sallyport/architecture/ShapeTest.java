package dev.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShapeTest {
  private static final String INTRODUCED =
      """
      /**
       * What comes in.
       * What goes out.
       * Who calls it.
       * What it obeys.
       */
      @NullMarked
      package a;
      """;

  @Test
  void names_say_something() {
    assertThat(Shape.names(Product.sources())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "util/A.java",
        "a/impl/b/A.java",
        "a/service/A.java",
        "a/CallFlowImpl.java",
        "a/KeyManager.java"
      })
  void an_empty_name_is_found(String path) {
    assertThat(Shape.names(List.of(new Source("gateway/src/main/java/" + path, "")))).hasSize(1);
  }

  @Test
  void a_word_that_only_contains_one_is_fine() {
    assertThat(Shape.names(List.of(new Source("gateway/src/main/java/a/simple/Commons.java", ""))))
        .isEmpty();
  }

  @Test
  void every_package_is_introduced_and_null_marked() {
    assertThat(Shape.introductions(Product.sources())).isEmpty();
  }

  @Test
  void a_package_without_introduction_is_found() {
    var source = new Source("gateway/src/main/java/a/A.java", "class A {}");
    var short_ =
        new Source(
            "gateway/src/main/java/b/package-info.java", "/** Short. */\n@NullMarked\npackage b;");

    assertThat(Shape.introductions(List.of(source, short_)))
        .containsExactly(
            "gateway/src/main/java/a has no package-info.java with @NullMarked",
            "gateway/src/main/java/b/package-info.java says too little: what comes in, what goes"
                + " out, who calls it");
  }

  @Test
  void an_introduced_package_is_fine() {
    var source = new Source("gateway/src/main/java/a/A.java", "class A {}");
    var introduction = new Source("gateway/src/main/java/a/package-info.java", INTRODUCED);

    assertThat(Shape.introductions(List.of(source, introduction))).isEmpty();
  }

  @Test
  void what_is_public_cannot_be_extended() {
    assertThat(Shape.openTypes(Product.classes())).isEmpty();
  }

  @Test
  void a_public_type_that_can_be_extended_is_found_and_the_others_are_not() {
    assertThat(Shape.openTypes(Product.samples()))
        .containsExactly(
            "dev.sallyport.architecture.sample.gateway.Open is public and can be extended; make it"
                + " final, sealed, a record or hidden");
  }

  @Test
  void no_file_is_too_long_without_a_decision() {
    assertThat(Shape.sizes(Product.sources(), Product.decisions())).isEmpty();
  }

  @Test
  void a_long_file_is_found_unless_a_decision_names_it() {
    var longer =
        new Source("gateway/src/main/java/a/Long.java", "x\n".repeat(Shape.MOST_LINES + 1));
    var just = new Source("gateway/src/main/java/a/Just.java", "x\n".repeat(Shape.MOST_LINES));

    assertThat(Shape.sizes(List.of(longer, just), ""))
        .hasSize(1)
        .first()
        .asString()
        .contains("Long.java has 401 lines");
    assertThat(Shape.sizes(List.of(longer), "`Long.java` is one table.")).isEmpty();
  }
}
