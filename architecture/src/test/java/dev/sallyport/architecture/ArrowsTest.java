package dev.sallyport.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

final class ArrowsTest {
  private static final String SAMPLE = Product.ROOT_PACKAGE + ".architecture.sample";

  private final JavaClasses product = Product.classes();
  private final JavaClasses samples = Product.samples();

  @Test
  void finds_the_product() {
    assertThat(product).isNotEmpty();
    assertThat(Product.sources()).isNotEmpty();
  }

  @Test
  void modules_know_only_what_their_arrows_reach() {
    assertThat(Arrows.between(Product.ROOT_PACKAGE, product)).isEmpty();
  }

  @Test
  void an_arrow_that_points_outward_is_found() {
    assertThat(Arrows.between(SAMPLE, samples))
        .anyMatch(found -> found.startsWith("protocol must not know gateway: "));
  }

  @Test
  void an_arrow_that_reaches_inward_over_several_modules_is_fine() {
    assertThat(Arrows.between(SAMPLE, samples))
        .noneMatch(found -> found.startsWith("gateway must not know protocol"));
  }

  @Test
  void a_package_outside_every_module_is_found() {
    assertThat(Arrows.between(Product.ROOT_PACKAGE, samples))
        .anyMatch(found -> found.contains("is in no module"));
  }

  @Test
  void packages_of_a_module_do_not_need_each_other() {
    assertThat(Arrows.circles(Product.ROOT_PACKAGE, product)).isEmpty();
  }

  @Test
  void a_circle_of_packages_is_found_once() {
    assertThat(Arrows.circles(SAMPLE, samples))
        .containsExactly(
            SAMPLE + ".upstream.left and " + SAMPLE + ".upstream.right need each other");
  }

  @Test
  void the_engine_stays_in_transport() {
    assertThat(Arrows.engine(Product.ROOT_PACKAGE, product)).isEmpty();
  }

  @Test
  void the_engine_elsewhere_is_found() {
    assertThat(Arrows.engine(SAMPLE, samples))
        .containsExactly(
            SAMPLE + ".gateway.Hasty knows io.vertx.core.Vertx, which belongs to transport alone");
  }
}
