package dev.sallyport.gateway.telemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyedRatioTest {
  private static final int TRACES = 20_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.5, 0.99, 1})
  void about_that_part_of_all_traces_is_sampled_however_their_ids_are_chosen(double ratio) {
    int sampled = sampled(new KeyedRatio(ratio, 4_711)).cardinality();

    assertThat(sampled / (double) TRACES).isBetween(ratio - 0.01, ratio + 0.01);
    if (ratio == 0 || ratio == 1) {
      assertThat(sampled).isEqualTo((int) (ratio * TRACES));
    }
  }

  @Test
  void a_trace_is_sampled_whole_or_not_at_all_and_which_one_it_is_depends_on_the_key() {
    BitSet once = sampled(new KeyedRatio(0.5, 1));

    assertThat(sampled(new KeyedRatio(0.5, 1))).isEqualTo(once);
    BitSet other = sampled(new KeyedRatio(0.5, 2));
    other.and(once);
    assertThat(other.cardinality()).isBetween(TRACES / 5, TRACES * 3 / 10);
  }

  /**
   * Ids as somebody would choose them who wants to be sampled: small numbers, one after the other.
   */
  private static BitSet sampled(KeyedRatio sampler) {
    BitSet sampled = new BitSet();
    for (int i = 0; i < TRACES; i++) {
      String id = "4bf92f3577b34da6" + HexFormat.of().toHexDigits((long) i);
      sampled.set(
          i,
          sampler
                  .shouldSample(
                      Context.root(), id, "x", SpanKind.SERVER, Attributes.empty(), List.of())
                  .getDecision()
              == SamplingDecision.RECORD_AND_SAMPLE);
    }
    return sampled;
  }
}
