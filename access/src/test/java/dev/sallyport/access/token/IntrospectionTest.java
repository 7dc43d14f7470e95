package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Secret;
import dev.sallyport.access.Standing;
import dev.sallyport.access.token.TokenVerdict.Cause;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Identity;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opaque tokens, as an issuer that is asked about them says; and people who are revoked here. */
final class IntrospectionTest {
  private static final String OPAQUE = "2YotnFZFEjr1zCsicMWpAA";

  private static Door open() throws IOException {
    return Door.open(
        issuer ->
            issuer.withIntrospection(
                new Introspection(
                    HttpUrl.of(issuer.name() + "/introspect").orElseThrow(), "us:1", "a b")));
  }

  private static String active(Door door, String more) {
    return ("{\"active\":true,\"sub\":\"ann\",\"client_id\":\"cli\",\"aud\":\"%s\",\"scope\":\"a"
            + " b\",\"iss\":\"%s\",\"exp\":%d%s}")
        .formatted(
            Door.RESOURCE, door.provider.url(), door.time.instant().getEpochSecond() + 600, more);
  }

  @Test
  void what_the_issuer_says_is_active_is_whose_it_says() throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, ""));
      Identity identity = door.taken(OPAQUE);
      assertThat(identity.caller()).isEqualTo(new Caller(door.provider.url(), "ann", "cli"));
      assertThat(identity.claims().scopes().lacking(Set.of("a", "b"))).isEmpty();
      assertThat(identity.claims().expires()).contains(door.time.instant().plusSeconds(600));
    }
  }

  @Test
  void it_is_asked_as_its_client_and_not_again_for_half_a_minute() throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, ""));
      door.taken(OPAQUE);
      door.time.advance(AccessTokens.TOLD.minusSeconds(1));
      door.taken(OPAQUE);
      String basic =
          Base64.getEncoder().encodeToString("us%3A1:a+b".getBytes(StandardCharsets.UTF_8));
      assertThat(door.provider.asked())
          .containsExactly("Basic " + basic + " token=" + OPAQUE + "&token_type_hint=access_token");
      door.provider.tells("{\"active\":false}"); // T11
      door.time.advance(Duration.ofSeconds(1));
      door.refused(OPAQUE, Fault.INACTIVE);
    }
  }

  @Test
  void one_whose_end_is_not_told_has_none_here() throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, "").replaceFirst(",\"exp\":[0-9]+", ""));
      assertThat(door.taken(OPAQUE).claims().expires()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"active\":true | \"active\":false | INACTIVE",
        "https://gw.test/mcp | https://gw.test/other | AUDIENCE",
        "\"aud\" | \"audience\" | AUDIENCE",
        "\"sub\" | \"username\" | CLAIMS",
        "\"iss\":\"http | \"iss\":\"https | ISSUER",
        "\"exp\": | \"exp\":1,\"x\": | EXPIRED",
        "\"scope\" | \"token_use\":\"refresh_token\",\"scope\" | TYPE",
        "\"scope\" | \"token_use\":7,\"scope\" | TYPE",
        "\"scope\" | \"cnf\":{\"jkt\":\"x\"},\"scope\" | TYPE"
      })
  void what_it_does_not_say_is_not_believed(String said, String instead, Fault fault)
      throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, "").replace(said, instead));
      door.refused(OPAQUE, fault);
      door.provider.tells(active(door, ""));
      door.taken("another-" + OPAQUE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"active\":\"true\"}", "{\"active\":true,\"active\":false}"})
  void an_answer_that_is_none_decides_nothing(String answer) throws IOException {
    try (Door door = open()) {
      door.provider.tells(answer);
      door.undecided(OPAQUE, Cause.ISSUER);
    }
  }

  @Test
  void while_the_issuer_is_away_nobody_is_turned_away_for_good() throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, ""));
      door.provider.answers(500);
      door.undecided(OPAQUE, Cause.ISSUER);
      door.provider.answers(200);
      door.taken(OPAQUE);
    }
  }

  @Test
  void one_that_is_said_to_be_an_access_token_is_one() throws IOException {
    try (Door door = open()) {
      door.provider.tells(active(door, ",\"token_use\":\"access_token\""));
      door.taken(OPAQUE);
    }
  }

  @Test
  void what_looks_like_a_key_of_ours_is_shown_to_nobody() throws IOException {
    try (Door door = open()) {
      assertThat(door.tokens.mayBeOurs(new Secret("sp_" + OPAQUE))).isFalse();
      assertThat(door.tokens.mayBeOurs(new Secret(OPAQUE))).isTrue();
    }
  }

  @Test
  void without_somebody_to_ask_it_is_no_token() throws IOException {
    try (Door door = Door.open()) {
      assertThat(door.tokens.mayBeOurs(new Secret(OPAQUE))).isFalse();
      door.refused(OPAQUE, Fault.MALFORMED);
      assertThat(door.provider.asked()).isEmpty();
    }
  }

  @Test
  void who_is_revoked_here_is_refused_at_once_and_let_in_again() throws IOException {
    try (Door door = Door.open()) {
      String token = door.token().signedBy(Door.RSA);
      Caller caller = door.taken(token).caller();
      assertThat(door.tokens.mayTake(caller)).isTrue();
      door.standing.set(Standing.REVOKED);
      door.refused(token, Fault.REVOKED);
      assertThat(door.tokens.mayTake(caller)).isFalse();
      door.standing.set(Standing.UNKNOWN);
      door.undecided(token, Cause.STANDING);
      assertThat(door.tokens.mayTake(caller)).isTrue();
      door.standing.set(Standing.GOOD);
      door.taken(token);
    }
  }
}
