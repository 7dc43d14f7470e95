package dev.sallyport.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AnswerRoomTest {
  private final AnswerRoom room = new AnswerRoom(100);

  @Test
  void answers_fit_side_by_side_up_to_the_bound() {
    AnswerRoom.Hold one = room.enter();
    AnswerRoom.Hold other = room.enter();

    assertThat(one.take(60)).isTrue();
    assertThat(other.take(40)).isTrue();
    assertThat(other.take(41)).isFalse();
    assertThat(room.taken()).isEqualTo(100);
  }

  @Test
  void what_one_leaves_is_there_for_others_and_leaving_twice_is_leaving_once() {
    AnswerRoom.Hold one = room.enter();
    one.take(60);
    one.leave();
    one.leave();

    assertThat(room.taken()).isZero();
    assertThat(room.enter().take(100)).isTrue();
  }

  @Test
  void an_answer_may_hold_less_even_when_there_is_no_room() {
    AnswerRoom.Hold one = room.enter();
    one.take(100);

    assertThat(one.take(30)).isTrue();
    assertThat(room.taken()).isEqualTo(30);
  }

  @Test
  void who_has_left_takes_nothing_any_more() {
    AnswerRoom.Hold one = room.enter();
    one.leave();

    assertThat(one.take(1)).isFalse();
    assertThat(room.taken()).isZero();
  }
}
