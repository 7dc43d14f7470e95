package dev.sallyport.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MailboxTest {
  private static final Mail.Answered ANSWER =
      new Mail.Answered(new Message.Result(RpcId.of(1), JsonObject.EMPTY));

  private final Mailbox mailbox = new Mailbox(3, 1_000);

  private static Mail.Notified progress(int value) {
    return new Mail.Notified(
        new Message.Notification(
            "notifications/progress", JsonObject.of("progress", Json.of(value))));
  }

  private static Mail.Notified log(String data) {
    return new Mail.Notified(
        new Message.Notification("notifications/message", JsonObject.of("data", Json.of(data))));
  }

  private static Mail.Notified updated(String uri) {
    return new Mail.Notified(
        new Message.Notification(
            "notifications/resources/updated", JsonObject.of("uri", Json.of(uri))));
  }

  private static Mail.Notified toolsChanged() {
    return new Mail.Notified(
        new Message.Notification("notifications/tools/list_changed", JsonObject.EMPTY));
  }

  private List<Mail> all() throws InterruptedException {
    List<Mail> all = new ArrayList<>();
    for (Optional<Mail> mail = mailbox.take(0); mail.isPresent(); mail = mailbox.take(0)) {
      all.add(mail.get());
    }
    return all;
  }

  @Test
  void mail_comes_out_in_order() throws Exception {
    mailbox.put(progress(1));
    mailbox.put(progress(2));
    mailbox.put(ANSWER);

    assertThat(all()).containsExactly(progress(1), progress(2), ANSWER);
  }

  @Test
  void of_too_many_notifications_the_oldest_go_and_answers_never() throws Exception {
    mailbox.put(log("1"));
    mailbox.put(log("2"));
    mailbox.put(log("3"));

    assertThat(mailbox.put(log("4"))).isFalse();
    assertThat(mailbox.put(ANSWER)).isTrue();

    assertThat(all()).containsExactly(log("2"), log("3"), log("4"), ANSWER);
  }

  @Test
  void log_messages_give_way_before_anything_else() throws Exception {
    mailbox.put(progress(1));
    mailbox.put(log("1"));
    mailbox.put(updated("a"));

    assertThat(mailbox.put(progress(2))).isFalse();
    assertThat(mailbox.put(progress(3))).isFalse();

    assertThat(all()).containsExactly(updated("a"), progress(2), progress(3));
  }

  @Test
  void what_waits_is_bounded_in_bytes_too() throws Exception {
    String long400 = "x".repeat(400);
    mailbox.put(log("1" + long400));
    mailbox.put(log("2" + long400));

    assertThat(mailbox.put(log("3" + long400))).isFalse();

    assertThat(all()).containsExactly(log("2" + long400), log("3" + long400));
    // What was taken makes room again.
    assertThat(mailbox.put(log("4" + long400))).isTrue();
    assertThat(mailbox.put(log("5" + long400))).isTrue();
  }

  @Test
  void what_is_too_large_by_itself_drives_nothing_out() throws Exception {
    mailbox.put(log("1"));

    assertThat(mailbox.put(log("x".repeat(1_000)))).isFalse();

    assertThat(all()).containsExactly(log("1"));
  }

  @Test
  void of_much_progress_the_latest_is_kept_and_nobody_is_to_blame() throws Exception {
    Mailbox roomy = new Mailbox(100, 10_000);
    roomy.put(log("first"));
    for (int i = 0; i < 50; i++) {
      assertThat(roomy.put(progress(i))).isTrue();
    }

    assertThat(roomy.take(0)).contains(log("first"));
    for (int i = 42; i < 50; i++) {
      assertThat(roomy.take(0)).contains(progress(i));
    }
    assertThat(roomy.take(0)).isEmpty();
  }

  @Test
  void a_little_progress_is_kept_whole() throws Exception {
    Mailbox roomy = new Mailbox(100, 10_000);
    for (int i = 0; i < 8; i++) {
      roomy.put(progress(i));
    }

    for (int i = 0; i < 8; i++) {
      assertThat(roomy.take(0)).contains(progress(i));
    }
  }

  @Test
  void room_is_made_by_taking() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(mailbox.put(progress(i))).isTrue();
      assertThat(mailbox.take(0)).contains(progress(i));
    }
  }

  @Test
  void a_change_is_told_once_however_often_it_happened() throws Exception {
    mailbox.put(toolsChanged());
    mailbox.put(updated("a"));
    mailbox.put(updated("b"));
    mailbox.put(toolsChanged());
    mailbox.put(updated("a"));

    assertThat(all()).containsExactly(updated("b"), toolsChanged(), updated("a"));
  }

  @Test
  void a_second_answer_is_refused_and_so_is_what_comes_after_the_first() throws Exception {
    assertThat(mailbox.put(ANSWER)).isTrue();

    assertThat(mailbox.put(ANSWER)).isFalse();
    assertThat(mailbox.put(progress(1))).isFalse();
    assertThat(mailbox.put(new Mail.Broken(Breakdown.of(Breakdown.Kind.DIED)))).isFalse();
    assertThat(all()).containsExactly(ANSWER);
  }

  @Test
  void a_cancellation_overtakes_everything() throws Exception {
    mailbox.put(progress(1));
    mailbox.put(ANSWER);
    mailbox.put(new Mail.Cancelled());

    assertThat(mailbox.take(0)).contains(new Mail.Cancelled());
  }

  @Test
  void while_nobody_reads_notifications_are_dropped_and_the_rest_is_kept() throws Exception {
    mailbox.setAway(true);

    assertThat(mailbox.put(progress(1))).isTrue();
    assertThat(mailbox.put(new Mail.Asked())).isTrue();
    assertThat(mailbox.put(new Mail.Asked())).isTrue();
    assertThat(mailbox.put(ANSWER)).isTrue();

    mailbox.setAway(false);
    assertThat(all()).containsExactly(new Mail.Asked(), ANSWER);
  }

  @Test
  void waiting_ends_when_time_is_up() throws Exception {
    assertThat(mailbox.take(1_000_000)).isEmpty();
  }
}
