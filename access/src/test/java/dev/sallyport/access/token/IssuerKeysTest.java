package dev.sallyport.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Secret;
import dev.sallyport.access.token.TokenVerdict.Cause;
import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that come, go, are changed and cannot be had; the provider is on a real socket. */
@Timeout(60)
final class IssuerKeysTest {
  private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void made_up_names_of_keys_are_asked_for_once() throws IOException {
    TestKey forger = TestKey.ec("x");
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.RSA));
      for (int i = 0; i < 2_000; i++) {
        String forged = door.token().header("kid", "made-up-" + i).signedBy(forger);
        InetAddress peer = InetAddress.ofLiteral("198.18." + i / 250 + "." + i % 250);
        assertThat(door.show(forged, peer)).isInstanceOf(TokenVerdict.Invalid.class);
      }
      assertThat(door.provider.keyHits()).isEqualTo(2);
      door.taken(door.token().claim("jti", "new").signedBy(Door.EC));
      assertThat(door.provider.keyHits()).isEqualTo(2);
    }
  }

  @Test
  void a_new_key_is_taken_at_once_and_during_a_flood_of_names_after_half_a_minute()
      throws IOException {
    TestKey second = TestKey.ec("ec-2");
    TestKey third = TestKey.ec("ec-3");
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.EC));
      door.provider.has(second);
      door.taken(door.token().signedBy(second));
      door.provider.has(third);
      door.refused(door.token().signedBy(third), Fault.SIGNATURE);
      door.time.advance(IssuerKeys.PACE);
      door.taken(door.token().signedBy(third));
    }
  }

  @Test
  void a_key_that_is_gone_opens_for_a_minute_at_most() throws IOException {
    TestKey second = TestKey.ec("ec-2");
    try (Door door = Door.open()) {
      String old = door.token().signedBy(Door.EC);
      door.taken(old);
      door.provider.has(second);
      door.taken(door.token().signedBy(second));
      door.taken(old);
      door.time.advance(AccessTokens.TRUSTED);
      door.refused(old, Fault.SIGNATURE);
      door.taken(door.token().signedBy(second));
    }
  }

  @Test
  void a_new_key_without_a_name_is_found_by_what_the_old_one_has_not_signed() throws IOException {
    TestKey second = TestKey.ec("any");
    try (Door door = Door.open()) {
      door.provider.publishes(unnamed(Door.EC));
      door.taken(door.token().signedByUnnamed(Door.EC));
      door.provider.publishes(unnamed(second));
      door.taken(door.token().signedByUnnamed(second));
      int hits = door.provider.keyHits();
      for (int i = 0; i < 20; i++) {
        door.refused(door.token().claim("jti", "n" + i).signedByUnnamed(Door.EC), Fault.SIGNATURE);
      }
      assertThat(door.provider.keyHits()).isEqualTo(hits);
    }
  }

  private static byte[] unnamed(TestKey key) {
    return JsonObject.of("keys", Json.arrayOf(List.of(key.jwk().without("kid").toJson())))
        .toJson()
        .toBytes();
  }

  @Test
  void while_keys_change_no_call_fails() throws Exception {
    TestKey second = TestKey.ec("ec-2");
    AtomicReference<TestKey> signing = new AtomicReference<>(Door.EC);
    AtomicBoolean over = new AtomicBoolean();
    try (Door door = Door.open();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "caller-" + i;
        calls.add(callers.submit(() -> call(door, name, signing, over)));
      }
      door.provider.has(Door.EC, second);
      signing.set(second);
      door.taken(door.token().claim("sub", "after").signedBy(second));
      door.provider.has(second);
      for (int i = 0; i < 200; i++) {
        door.taken(door.token().claim("jti", "late-" + i).signedBy(second));
      }
      over.set(true);
      for (Future<Integer> each : calls) {
        assertThat(each.get()).isPositive();
      }
    }
  }

  /** Calls with a token of its own each time; an error ends it. */
  private static int call(
      Door door, String name, AtomicReference<TestKey> signing, AtomicBoolean over) {
    int calls = 0;
    while (!over.get() || calls == 0) {
      door.taken(
          door.token().claim("sub", name).claim("jti", "c" + calls++).signedBy(signing.get()));
    }
    return calls;
  }

  @Test
  void without_any_keys_nobody_can_tell_and_nothing_is_said_of_what_was_reached()
      throws IOException {
    try (Door door = Door.open()) {
      door.provider.answers(503);
      String token = door.token().signedBy(Door.EC);
      door.undecided(token, Cause.KEYS);
      assertThat(door.show(token).toString())
          .doesNotContain("127.0.0.1", "503", "keys_", "Exception");
      int hits = door.provider.hits();
      door.undecided(token, Cause.KEYS);
      assertThat(door.provider.hits()).isEqualTo(hits);
      door.provider.answers(200);
      door.time.advance(Duration.ofSeconds(2));
      door.taken(token);
    }
  }

  @Test
  void keys_that_are_known_go_on_for_a_day_while_the_provider_is_away() throws IOException {
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.EC));
      door.provider.answers(503);
      for (int i = 0; i < 6; i++) {
        door.time.advance(Duration.ofHours(4));
        door.taken(door.token().signedBy(Door.EC));
      }
      door.time.advance(Duration.ofMinutes(5));
      door.undecided(door.token().signedBy(Door.EC), Cause.KEYS);
    }
  }

  @Test
  void after_days_without_a_caller_keys_are_fetched_again() throws IOException {
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.EC));
      door.time.advance(IssuerKeys.KEPT.multipliedBy(3));
      door.taken(door.token().signedBy(Door.EC));
      door.provider.answers(503);
      door.time.advance(IssuerKeys.KEPT.multipliedBy(3));
      door.undecided(door.token().signedBy(Door.EC), Cause.KEYS);
      door.provider.answers(200);
      door.time.advance(Duration.ofSeconds(30));
      door.taken(door.token().signedBy(Door.EC));
    }
  }

  @Test
  void many_who_come_first_cause_one_fetch() throws Exception {
    try (Door door = Door.open();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch held = door.provider.holdsBack();
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String token = door.token().claim("sub", "caller-" + i).signedBy(Door.EC);
        calls.add(callers.submit(() -> door.taken(token)));
      }
      held.countDown();
      for (Future<?> each : calls) {
        each.get();
      }
      assertThat(door.provider.keyHits()).isEqualTo(1);
    }
  }

  @Test
  void a_slow_provider_holds_up_nobody_whose_key_is_known() throws IOException {
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.EC));
      CountDownLatch held = door.provider.holdsBack();
      door.time.advance(IssuerKeys.FRESH.plusSeconds(1));
      for (int i = 0; i < 20; i++) {
        door.taken(door.token().claim("jti", "n" + i).signedBy(Door.EC));
      }
      held.countDown();
    }
  }

  @Test
  void whoever_speaks_for_another_issuer_is_not_listened_to() throws IOException {
    try (Door door = Door.open()) {
      String name = door.provider.url();
      for (String lie :
          List.of(name + "/", name.replace("team", "Team"), "https://honest.test", "")) {
        door.provider.says(lie);
        door.undecided(door.token().signedBy(Door.EC), Cause.KEYS);
        door.time.advance(Duration.ofMinutes(1));
      }
      assertThat(door.provider.keyHits()).isZero();
      door.provider.says(name);
      door.taken(door.token().signedBy(Door.EC));
    }
  }

  @Test
  void metadata_lead_to_no_other_place_on_this_machine() throws IOException {
    try (Door door = Door.open();
        ServerSocket canary = new ServerSocket(0, 10, EVERYWHERE)) {
      for (String place :
          List.of(
              "http://127.0.0.1:" + canary.getLocalPort() + "/keys",
              "https://127.0.0.1:" + canary.getLocalPort() + "/keys",
              "http://localhost:" + canary.getLocalPort() + "/keys",
              "http://[::1]:" + canary.getLocalPort() + "/keys",
              "http://169.254.169.254/latest",
              "file:///etc/passwd",
              "/keys",
              "")) {
        door.provider.keysAre(place);
        door.undecided(door.token().signedBy(Door.EC), Cause.KEYS);
        door.time.advance(Duration.ofMinutes(1));
      }
      assertThat(hasVisitor(canary)).isFalse();
      door.provider.keysAre(door.provider.url() + "/keys");
      door.taken(door.token().signedBy(Door.EC));
    }
  }

  private static boolean hasVisitor(ServerSocket canary) throws IOException {
    canary.setSoTimeout(1);
    try {
      canary.accept().close();
      return true;
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  @Test
  void a_document_without_keys_takes_nothing_from_those_that_are_known() throws IOException {
    try (Door door = Door.open()) {
      door.taken(door.token().signedBy(Door.EC));
      for (String document :
          List.of("", "{}", "[]", "{\"keys\":[]}", "{\"keys\":7}", "<html>", "[".repeat(200_000))) {
        door.provider.publishes(document.getBytes(StandardCharsets.UTF_8));
        door.time.advance(Duration.ofMinutes(1));
        door.refused(
            door.token().header("kid", "other").signedBy(TestKey.ec("other")), Fault.SIGNATURE);
        door.taken(door.token().signedBy(Door.EC));
      }
    }
  }

  @Test
  void a_token_that_was_refused_costs_nothing_the_second_time() throws Exception {
    try (Door door = Door.open()) {
      String forged = door.token().header("kid", Door.EC.id()).signedBy(TestKey.ec("x"));
      for (int i = 0; i < 500; i++) {
        door.refused(forged, Fault.SIGNATURE);
      }
      door.taken(door.token().signedBy(Door.EC));
    }
  }

  @Test
  void whoever_shows_too_many_that_are_forged_waits_and_nobody_else_does()
      throws ExecutionException, InterruptedException, IOException {
    TestKey forger = TestKey.ec("x");
    try (Door door = Door.open()) {
      String known = door.token().signedBy(Door.EC);
      door.taken(known);
      for (int i = 0; i < PeerPace.BURST; i++) {
        door.refused(forged(door, forger, i), Fault.SIGNATURE);
      }
      door.undecided(forged(door, forger, PeerPace.BURST), Cause.PACE);
      door.undecided(door.token().claim("sub", "bob").signedBy(Door.EC), Cause.PACE);
      door.taken(known);
      assertThat(
              door.show(
                  door.token().claim("sub", "bob").signedBy(Door.EC),
                  InetAddress.ofLiteral("192.0.2.8")))
          .isInstanceOf(TokenVerdict.Valid.class);
      door.time.advance(Duration.ofSeconds(1));
      door.taken(door.token().claim("sub", "carol").signedBy(Door.EC));
    }
  }

  @Test
  void before_a_body_is_read_only_a_peer_that_showed_too_many_is_turned_away() throws IOException {
    TestKey forger = TestKey.ec("x");
    try (Door door = Door.open()) {
      Secret known = new Secret(door.token().signedBy(Door.EC));
      Secret first = new Secret(forged(door, forger, 0));
      door.taken(known.reveal());
      assertThat(door.tokens.screen(first, Door.PEER)).isEmpty();
      door.refused(first.reveal(), Fault.SIGNATURE);
      for (int i = 1; i < PeerPace.BURST; i++) {
        door.refused(forged(door, forger, i), Fault.SIGNATURE);
      }
      assertThat(door.tokens.screen(known, Door.PEER)).isEmpty();
      Secret next = new Secret(forged(door, forger, PeerPace.BURST));
      assertThat(door.tokens.screen(next, Door.PEER))
          .hasValueSatisfying(told -> assertThat(told).isInstanceOf(TokenVerdict.Undecided.class));
      assertThat(door.tokens.screen(first, Door.PEER))
          .hasValueSatisfying(told -> assertThat(told).isInstanceOf(TokenVerdict.Invalid.class));
    }
  }

  private static String forged(Door door, TestKey forger, int number) {
    return door.token().header("kid", Door.EC.id()).claim("jti", "f" + number).signedBy(forger);
  }

  @Test
  void good_tokens_cost_a_peer_nothing_however_many_they_are() throws IOException {
    try (Door door = Door.open()) {
      for (int i = 0; i < 5 * PeerPace.BURST; i++) {
        door.taken(door.token().claim("sub", "person-" + i).signedBy(Door.EC));
      }
    }
  }
}
