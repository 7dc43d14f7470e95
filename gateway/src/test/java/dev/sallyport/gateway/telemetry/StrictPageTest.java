package dev.sallyport.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the judge of the other tests would say no. */
final class StrictPageTest {
  private static final String HEAD = "# HELP a_total x\n# TYPE a_total counter\n";
  private static final String HISTOGRAM = "# HELP h x\n# TYPE h histogram\n";

  @Test
  void a_page_in_good_order_is_read() {
    StrictPage page =
        StrictPage.of(
            HEAD
                + "a_total{b=\"c\\\\\\\"\\nd\",e=\"\"} 1\n"
                + HISTOGRAM
                + "h_bucket{le=\"0.5\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 1.5\nh_count 2\n");

    assertThat(page.values("a_total", Map.of("b", "c\\\"\nd", "e", ""))).containsExactly(1.0);
    assertThat(page.values("h_count", Map.of())).containsExactly(2.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a_total 1",
        "a_total 1\n",
        HEAD + "a_total 1",
        HEAD + "a_total one\n",
        HEAD + "a_total  1\n",
        HEAD + "a_total -1\n",
        HEAD + "a_total 1\na_total 2\n",
        HEAD + "b_total 1\n",
        HEAD + "\n",
        HEAD + HEAD + "a_total 1\n",
        HEAD + "a_total{b=\"c} 1\n",
        HEAD + "a_total{b=\"c\"d\"} 1\n",
        HEAD + "a_total{b=\"c\nd\"} 1\n",
        HEAD + "a_total{b=\"\\d\"} 1\n",
        HEAD + "a_total{b=\"c\",} 1\n",
        HEAD + "a_total{b=\"c\",b=\"d\"} 1\n",
        HEAD + "a_total{b.c=\"c\"} 1\n",
        "# HELP a x\n# TYPE a counter\na 1\n",
        "# TYPE a gauge\na 1\n",
        "# HELP a x\n# TYPE a number\na 1\n",
        HISTOGRAM + "h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
        HISTOGRAM + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
        HISTOGRAM + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n",
        HISTOGRAM
            + "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n"
      })
  void what_a_scraper_could_stumble_over_is_none(String text) {
    assertThatThrownBy(() -> StrictPage.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
