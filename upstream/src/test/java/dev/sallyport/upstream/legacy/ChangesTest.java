package dev.sallyport.upstream.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChangesTest {
  private final Changes changes = new Changes(Set.of());

  private static Message.Notification updated(String uri, int padding) {
    return new Message.Notification(
        "notifications/resources/updated",
        JsonObject.of("uri", Json.of(uri), "padding", Json.of("p".repeat(padding))));
  }

  @Test
  void news_is_taken_as_long_as_there_is_room_in_bytes() {
    changes.want("a:");
    changes.want("b:");

    assertThat(changes.offer(updated("a:", 600_000))).isTrue();
    assertThat(changes.offer(updated("b:", 600_000))).isFalse();
    assertThat(changes.offer(updated("b:", 100_000))).isTrue();
  }

  @Test
  void newer_news_of_the_same_takes_the_place_of_the_older() {
    changes.want("a:");

    assertThat(changes.offer(updated("a:", 600_000))).isTrue();
    assertThat(changes.offer(updated("a:", 700_000))).isTrue();
  }

  @Test
  void what_nobody_wants_takes_no_room() {
    changes.want("a:");

    assertThat(changes.offer(updated("b:", 2_000_000))).isTrue();
    assertThat(changes.offer(updated("a:", 1_000))).isTrue();
  }
}
