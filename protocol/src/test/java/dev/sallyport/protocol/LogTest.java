package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogTest {
  @Test
  void work_within_a_trace_knows_it_and_what_comes_after_does_not() {
    assertThat(Log.within("4bf92f3577b34da6a3ce929d0e0e4736", Log::traceId))
        .contains("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Log.traceId()).isEmpty();
  }

  @Test
  void within_another_trace_the_inner_one_counts() {
    assertThat(Log.within("a", () -> Log.within("b", Log::traceId))).contains("b");
  }
}
