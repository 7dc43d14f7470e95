package dev.sallyport.downstream.modern;

import static dev.sallyport.downstream.ScriptedHandler.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.downstream.AdjustableClock;
import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.protocol.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StateSealTest {
  private static final Caller ANNA = new Caller("key", "anna", "1");
  private static final String CALL = "{\"name\":\"pay\",\"arguments\":{\"a\":1,\"b\":[true]}}";

  private final AdjustableClock clock = new AdjustableClock();
  private final SecureRandom random = new SecureRandom();
  private final SealKeys keys = new SealKeys(clock, random, Duration.ofHours(12));
  private final StateSeal seal = seal("team");

  private StateSeal seal(String route) {
    return seal(route, keys);
  }

  private StateSeal seal(String route, SealKeys with) {
    return new StateSeal(route, Duration.ofMinutes(10), 4096, new Seal(with, clock, random));
  }

  private static StateSeal.Opened first(String handle) {
    return new StateSeal.Opened(handle, 1);
  }

  private static StateSeal.Binding binding(Caller caller, String method, String params) {
    return new StateSeal.Binding(caller, method, object(params));
  }

  private static StateSeal.Binding annas() {
    return binding(ANNA, "tools/call", CALL);
  }

  @Test
  void gives_the_handle_back_byte_for_byte() {
    for (String handle : List.of("", "h", "a\nb\u0000 ü \uD83D\uDE00", "x".repeat(2_000))) {
      assertThat(seal.open(seal.seal(first(handle), annas()).orElseThrow(), annas()))
          .contains(first(handle));
    }
  }

  @Test
  void shows_nothing_of_the_handle_and_never_the_same_text_twice() {
    String one = seal.seal(first("secret-handle"), annas()).orElseThrow();

    assertThat(one)
        .matches("[A-Za-z0-9_-]+")
        .isNotEqualTo(seal.seal(first("secret-handle"), annas()).get());
    assertThat(
            new String(
                Base64.getUrlDecoder().decode(one), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("secret");
  }

  @Test
  void arguments_written_differently_are_the_same_arguments() {
    String state = seal.seal(first("h"), annas()).orElseThrow();
    String rewritten = "{\"arguments\":{\"b\": [true],\"a\":1.0},\"name\":\"pay\"}";

    assertThat(seal.open(state, binding(ANNA, "tools/call", rewritten))).contains(first("h"));
  }

  @Test
  void is_good_for_nobody_and_nothing_else() {
    String state = seal.seal(first("h"), annas()).orElseThrow();

    assertThat(
            List.of(
                binding(new Caller("key", "bert", "1"), "tools/call", CALL),
                binding(new Caller("oidc", "anna", "1"), "tools/call", CALL),
                binding(new Caller("key", "anna", "2"), "tools/call", CALL),
                binding(ANNA, "prompts/get", CALL),
                binding(ANNA, "tools/call", CALL.replace("pay", "pray")),
                binding(ANNA, "tools/call", CALL.replace("1", "2")),
                binding(ANNA, "tools/call", "{\"name\":\"pay\"}")))
        .allSatisfy(other -> assertThat(seal.open(state, other)).isEmpty());
  }

  @Test
  void parts_of_a_caller_cannot_be_shifted_into_each_other() {
    String state =
        seal.seal(first("h"), binding(new Caller("ab", "c", "d"), "tools/call", CALL))
            .orElseThrow();

    assertThat(seal.open(state, binding(new Caller("a", "bc", "d"), "tools/call", CALL))).isEmpty();
    assertThat(seal.open(state, binding(new Caller("ab", "cd", ""), "tools/call", CALL))).isEmpty();
  }

  @Test
  void another_route_or_another_process_does_not_take_it() {
    String state = seal.seal(first("h"), annas()).orElseThrow();

    assertThat(seal("other").open(state, annas())).isEmpty();
    assertThat(seal("team", new SealKeys(clock, random, Duration.ofHours(12))).open(state, annas()))
        .isEmpty();
    assertThat(seal("team").open(state, annas())).contains(first("h"));
  }

  @Test
  void every_changed_character_breaks_it() {
    String state = seal.seal(first("handle"), annas()).orElseThrow();

    for (int at = 0; at < state.length(); at++) {
      for (char other : "ABgw5-_".toCharArray()) {
        if (state.charAt(at) != other) {
          String changed = state.substring(0, at) + other + state.substring(at + 1);
          assertThat(seal.open(changed, annas())).as("changed at %s", at).isEmpty();
        }
      }
    }
  }

  @Test
  void a_part_of_it_and_things_that_never_were_one_break() {
    String state = seal.seal(first("handle"), annas()).orElseThrow();

    for (int length = 0; length < state.length(); length++) {
      assertThat(seal.open(state.substring(0, length), annas())).isEmpty();
    }
    for (String other :
        List.of(state + "A", state + "=", state + " ", "ü", "a b", "x".repeat(9_999))) {
      assertThat(seal.open(other, annas())).isEmpty();
    }
  }

  @Test
  void is_good_until_it_expires_and_not_longer() {
    String state = seal.seal(first("h"), annas()).orElseThrow();

    clock.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(seal.open(state, annas())).contains(first("h"));
    clock.advance(Duration.ofMillis(1));
    assertThat(seal.open(state, annas())).isEmpty();
  }

  @Test
  void counts_rounds_where_no_client_can_change_it() {
    String state = seal.seal(new StateSeal.Opened("1:h", 31), annas()).orElseThrow();

    assertThat(seal.open(state, annas())).contains(new StateSeal.Opened("1:h", 31));
  }

  @Test
  void outlives_a_change_of_keys_and_not_two() {
    clock.advance(Duration.ofHours(12).minusMinutes(1));
    String state = seal.seal(first("h"), annas()).orElseThrow();

    clock.advance(Duration.ofMinutes(2));
    assertThat(seal.open(state, annas())).contains(first("h"));
    String next = seal.seal(first("h"), annas()).orElseThrow();
    assertThat(next.substring(0, 3)).isNotEqualTo(state.substring(0, 3));

    StateSeal patient =
        new StateSeal("team", Duration.ofDays(2), 4096, new Seal(keys, clock, random));
    String old = patient.seal(first("h"), annas()).orElseThrow();
    clock.advance(Duration.ofHours(12));
    seal.seal(first("h"), annas());
    clock.advance(Duration.ofHours(12));
    assertThat(patient.open(old, annas())).isEmpty();
  }

  @Test
  void a_handle_that_makes_it_too_long_is_not_sealed() {
    assertThat(seal.seal(first("x".repeat(4_000)), annas())).isEmpty();
  }
}
