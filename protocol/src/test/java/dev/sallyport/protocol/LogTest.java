package dev.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LogTest {
  private final Logger logger = Logger.getLogger(LogTest.class.getName());

  @AfterEach
  void leave() {
    Log.tellDetails(false);
    logger.setLevel(null);
  }

  @Test
  void details_are_told_where_somebody_wants_them_and_the_logger_is_for_it() {
    Log log = Log.of(LogTest.class);
    logger.setLevel(Level.FINE);
    assertThat(log.tellsDetails()).as("nobody wants them").isFalse();
    Log.tellDetails(true);
    assertThat(log.tellsDetails()).isTrue();
    logger.setLevel(Level.INFO);
    assertThat(log.tellsDetails()).as("not of this one").isFalse();
  }

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
