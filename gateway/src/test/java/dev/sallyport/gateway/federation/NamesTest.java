package dev.sallyport.gateway.federation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of tools and prompts on an endpoint of several servers (mcp-reference 2.7.3). */
final class NamesTest {
  private final Names names = new Names("notes");

  @ParameterizedTest
  @ValueSource(strings = {"read", "read_file", "a__b", "__x", "A.b-c", "x_0123abcd"})
  void a_plain_name_gets_the_prefix_and_loses_it_again(String name) {
    String exposed = names.exposed(name).orElseThrow();
    assertThat(exposed).isEqualTo("notes__" + name);
    assertThat(Names.prefix(exposed)).contains("notes");
    assertThat(names.isExposed(exposed)).isTrue();
    assertThat(names.original(exposed)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "größe", "a/b", "", "x\ny"})
  void a_name_that_clients_could_not_take_has_one_that_stands_in(String name) {
    String exposed = names.exposed(name).orElseThrow();
    assertThat(exposed).matches("notes__[A-Za-z0-9_.-]*_[0-9a-f]{8}");
    assertThat(names.original(exposed)).isEqualTo(name);
    assertThat(names.isExposed(exposed)).isTrue();
    assertThat(names.isExposed("notes__" + name)).isFalse(); // no second way around a rule
  }

  @Test
  void a_name_of_64_characters_is_as_long_as_it_gets() {
    assertThat(names.exposed("x".repeat(57)).orElseThrow()).isEqualTo("notes__" + "x".repeat(57));
    String longer = names.exposed("x".repeat(58)).orElseThrow();
    assertThat(longer).hasSize(64).matches("notes__x+_[0-9a-f]{8}");
    assertThat(names.original(longer)).isEqualTo("x".repeat(58));
  }

  @Test
  void long_names_that_begin_alike_stay_apart() {
    String one = "x".repeat(100) + "1";
    String other = "x".repeat(100) + "2";
    assertThat(names.exposed(one)).isNotEqualTo(names.exposed(other));
    assertThat(names.original(names.exposed(one).orElseThrow())).isEqualTo(one);
    assertThat(names.original(names.exposed(other).orElseThrow())).isEqualTo(other);
  }

  @Test
  void who_has_seen_no_list_is_told_to_look_for_what_may_stand_in() {
    String exposed = names.exposed("with space").orElseThrow();
    assertThat(names.needsList(exposed)).isFalse();
    assertThat(new Names("notes").needsList(exposed)).isTrue();
    assertThat(new Names("notes").needsList("notes__read")).isFalse();
  }

  @Test
  void a_name_without_a_prefix_is_nobodys() {
    assertThat(Names.prefix("read_file")).isEmpty();
  }

  @Test
  void strange_names_are_kept_up_to_a_bound() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(names.exposed("strange " + i)).isPresent();
    }
    assertThat(names.exposed("one more")).isEmpty();
    assertThat(names.exposed("strange 7")).isPresent();
  }
}
