package dev.sallyport.upstream.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Remark;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ServerNoticeTest {
  @Test
  void a_crash_says_how_with_which_words_and_at_what_cost() {
    assertThat(
            new ServerNotice.Exited(7, OptionalInt.of(3), false, List.of("a", "ENOENT"), 1).text())
        .isEqualTo(
            "process 7 exited (code 3). Last stderr: \"ENOENT\". Calls that failed with it: 1.");
    assertThat(new ServerNotice.Exited(7, OptionalInt.empty(), false, List.of(), 0).text())
        .isEqualTo("process 7 exited.");
  }

  @Test
  void an_end_that_was_wanted_is_no_crash() {
    assertThat(new ServerNotice.Exited(7, OptionalInt.of(0), true, List.of("bye"), 0).text())
        .isEqualTo("process 7 ended (code 0)");
  }

  @Test
  void the_rest_is_one_printable_line_too() {
    assertThat(new ServerNotice.Started(7).text()).isEqualTo("process 7 started");
    assertThat(new ServerNotice.StderrSkipped(7, 12).text())
        .isEqualTo("(12 lines of error output left out)");
    assertThat(remark(new Remark.Misbehaved(Fault.NOT_A_MESSAGE, 10)))
        .isEqualTo("wrote a line that is no message, 10 times so far");
    assertThat(remark(new Remark.Misbehaved(Fault.NOT_A_MESSAGE, 1)))
        .isEqualTo("wrote a line that is no message");
    assertThat(new ServerNotice.NotStarted("command not found: x").text())
        .isEqualTo("did not come up: command not found: x");
    assertThat(remark(new Remark.Unattributed("{\"data\":\"\u202e\"}")))
        .isEqualTo("log: {\"data\":\"\"}");
  }

  private static String remark(Remark remark) {
    return new ServerNotice.Remarked("process 7", remark).text();
  }
}
