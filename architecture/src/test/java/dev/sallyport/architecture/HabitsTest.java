package dev.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HabitsTest {
  private final JavaClasses product = Product.classes();
  private final JavaClasses samples = Product.samples();

  @Test
  void threads_and_http_are_used_as_the_house_does() {
    assertThat(Habits.types(product)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.lang.ThreadLocal", "java.util.concurrent.CompletableFuture"})
  void an_unwanted_type_is_found(String type) {
    assertThat(Habits.types(samples)).anyMatch(found -> found.contains("Hasty uses " + type));
  }

  @Test
  void time_chance_and_bounds_are_given_from_outside() {
    assertThat(Habits.calls(product)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thread.sleep(",
        "Instant.now()",
        "UUID.randomUUID()",
        "LinkedBlockingQueue.<init>()",
        "printStackTrace()"
      })
  void an_unwanted_call_is_found(String call) {
    assertThat(Habits.calls(samples)).anyMatch(found -> found.contains(call));
  }

  @Test
  void a_clock_as_argument_and_a_bounded_queue_are_fine() {
    assertThat(Habits.calls(samples)).noneMatch(found -> found.contains("Patient"));
  }

  @Test
  void locks_and_errors_are_the_house_kind() {
    assertThat(Habits.words(Product.sources())).isEmpty();
  }

  @Test
  void synchronized_and_bare_exceptions_are_found() {
    var source =
        new Source(
            "a/src/main/java/A.java",
            "synchronized (x) {\n}\n  throw new RuntimeException(\"x\");\n");

    assertThat(Habits.words(List.of(source)))
        .containsExactly(
            "a/src/main/java/A.java:1 says synchronized; a ReentrantLock, round memory only",
            "a/src/main/java/A.java:3 new RuntimeException(: throw a type that says what happened");
  }

  @Test
  void the_words_in_comments_and_strings_are_fine() {
    var source =
        new Source(
            "a/src/main/java/A.java",
            "// synchronized\n"
                + "String a = \"synchronized // \\\" \"; /* new Error( */ String b = \"\"\"\n"
                + "  synchronized\"\"\";");

    assertThat(Habits.words(List.of(source))).isEmpty();
  }

  @Test
  void tests_neither_sleep_nor_skip() {
    assertThat(Habits.tests(Product.tests())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thread.sleep(1);",
        "assumeTrue(x);",
        "@Disabled void a() {}",
        "@DisabledOnOs(x) void a() {}",
        "Mockito.mock(x);"
      })
  void a_test_that_sleeps_or_skips_is_found(String code) {
    assertThat(Habits.tests(List.of(new Source("a/src/test/java/ATest.java", code)))).hasSize(1);
  }
}
