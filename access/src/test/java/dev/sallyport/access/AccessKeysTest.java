package dev.sallyport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.Caller;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessKeysTest {
  private static final Duration DAY = Duration.ofHours(24);

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private DataDirectory directory = new DataDirectory(Path.of("unset"));

  @BeforeEach
  void openDirectory() throws AccessException {
    directory = open(folder.resolve("data"));
  }

  @Test
  void a_fresh_key_opens_and_a_guess_does_not() throws AccessException {
    KeyStore.Issued issued = issue("alice", Optional.of(DAY));
    try (KeyRing ring = KeyRing.watch(store(), clock)) {
      assertThat(ring.callerOf(issued.secret()))
          .contains(new Caller("key", "alice", issued.key().id()));
      assertThat(ring.callerOf(new Secret("sp_" + "A".repeat(43)))).isEmpty();
      assertThat(ring.callerOf(new Secret(issued.secret().reveal() + "A"))).isEmpty();
      assertThat(ring.callerOf(new Secret(""))).isEmpty();
    }
  }

  @Test
  void a_key_carries_256_random_bits_and_is_never_on_disk() throws Exception {
    KeyStore.Issued issued = issue("alice", Optional.empty());
    String text = issued.secret().reveal();
    assertThat(text).matches("sp_[A-Za-z0-9_-]{43}");
    assertThat(issue("bob", Optional.empty()).secret().reveal()).isNotEqualTo(text);
    try (Stream<Path> files = Files.walk(directory.path())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain(text);
      }
    }
  }

  @Test
  void a_key_expires_to_the_millisecond() throws AccessException {
    KeyStore.Issued issued = issue("alice", Optional.of(DAY));
    try (KeyRing ring = KeyRing.watch(store(), clock)) {
      clock.advance(DAY.minusMillis(1));
      assertThat(ring.callerOf(issued.secret())).isPresent();
      clock.advance(Duration.ofMillis(1));
      assertThat(ring.callerOf(issued.secret())).isEmpty();
    }
  }

  @Test
  void keys_made_and_revoked_by_another_process_take_effect_within_two_seconds()
      throws AccessException {
    try (KeyRing ring = KeyRing.watch(store(), clock)) {
      KeyStore.Issued issued = issue("late", Optional.of(DAY));
      assertThat(within(Duration.ofSeconds(2), () -> ring.callerOf(issued.secret()).isPresent()))
          .isTrue();
      try (KeyStore other = store()) {
        assertThat(other.revoke("late")).isTrue();
      }
      assertThat(within(Duration.ofSeconds(2), () -> ring.callerOf(issued.secret()).isEmpty()))
          .isTrue();
    }
  }

  @Test
  void a_caller_may_come_back_until_the_last_key_is_expired_or_revoked() throws AccessException {
    KeyStore.Issued issued = issue("alice", Optional.of(DAY));
    issue("bob", Optional.empty());
    try (KeyRing ring = KeyRing.watch(store(), clock)) {
      Caller alice = issued.key().caller();
      assertThat(ring.has(alice)).isTrue();
      assertThat(ring.has(new Caller("key", "bob", "another"))).isFalse();

      clock.advance(DAY);
      assertThat(ring.has(alice)).isFalse();
    }
  }

  @Test
  void nobody_is_said_to_be_gone_while_the_store_cannot_be_read() throws AccessException {
    AtomicLong nanos = new AtomicLong();
    KeyStore store = store();
    KeyRing ring = KeyRing.watch(store, clock, nanos::get);
    Caller stranger = new Caller("key", "nobody", "1");
    assertThat(ring.has(stranger)).isFalse();
    store.close();
    nanos.set(KeyRing.PATIENCE.toNanos() * 2);
    assertThat(within(Duration.ofSeconds(5), () -> ring.has(stranger))).isTrue();
    ring.close();
  }

  @Test
  void a_snapshot_that_nobody_confirms_opens_nothing() throws AccessException {
    KeyStore.Issued issued = issue("alice", Optional.of(DAY));
    AtomicLong nanos = new AtomicLong();
    KeyStore store = store();
    KeyRing ring = KeyRing.watch(store, clock, nanos::get);
    assertThat(ring.callerOf(issued.secret())).isPresent();
    // Whatever stops the refresher: from now on it finds a closed store.
    store.close();
    nanos.set(KeyRing.PATIENCE.toNanos() * 2);
    assertThat(within(Duration.ofSeconds(5), () -> ring.callerOf(issued.secret()).isEmpty()))
        .isTrue();
    ring.close();
    assertThat(ring.callerOf(issued.secret())).isEmpty();
  }

  @Test
  void revoking_knows_names_and_ids_and_nothing_else() throws AccessException {
    KeyStore.Issued alice = issue("alice", Optional.empty());
    issue("bob", Optional.empty());
    try (KeyStore store = store()) {
      assertThat(store.revoke("carol")).isFalse();
      assertThat(store.revoke(alice.key().id())).isTrue();
      assertThat(store.revoke("bob")).isTrue();
      assertThat(store.list()).isEmpty();
    }
  }

  @Test
  void a_name_is_taken_once_and_free_again_after_expiry() throws AccessException {
    issue("alice", Optional.of(DAY));
    try (KeyStore store = store()) {
      assertThatThrownBy(() -> store.add("alice", Optional.empty()))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("sallyport keys revoke alice");
      clock.advance(DAY);
      assertThat(store.add("alice", Optional.empty()).key().name()).isEqualTo("alice");
    }
  }

  @Test
  void unfit_names_are_refused() throws AccessException {
    try (KeyStore store = store()) {
      for (String name :
          List.of(
              "",
              " ",
              "a b",
              "-x",
              "a\nb",
              "ä",
              "x".repeat(65),
              "a/b",
              "'; DROP TABLE access_key; --")) {
        assertThatThrownBy(() -> store.add(name, Optional.empty()))
            .as(name)
            .isInstanceOf(AccessException.class);
      }
      assertThat(store.list()).isEmpty();
    }
  }

  @Test
  void a_store_of_a_newer_version_is_not_touched() throws Exception {
    try (KeyStore store = store();
        java.sql.Connection raw =
            java.sql.DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("sallyport.db"));
        java.sql.Statement statement = raw.createStatement()) {
      assertThat(store.list()).isEmpty();
      statement.execute("PRAGMA user_version = 99");
    }
    assertThatThrownBy(this::store)
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void a_damaged_store_is_an_error_and_never_an_empty_one() throws Exception {
    Files.writeString(
        directory.resolve("sallyport.db"),
        "this is no database, but it is long enough to be read as one".repeat(20));
    assertThatThrownBy(this::store)
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void the_data_directory_and_the_store_are_for_the_owner_alone() throws Exception {
    try (KeyStore store = store()) {
      assertThat(store.list()).isEmpty();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("sallyport.db"))))
        .isEqualTo("rw-------");
  }

  @Test
  void a_directory_that_others_can_reach_or_that_is_a_link_is_refused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> open(open))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("chmod 700");
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory.path());
    assertThatThrownBy(() -> open(link))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("link");
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> open(file)).isInstanceOf(AccessException.class);
    assertThatThrownBy(
            () ->
                DataDirectory.open(
                    Map.of("SALLYPORT_DATA_DIR", directory.path().toString()),
                    "/",
                    "somebody-else"))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("belongs to");
  }

  @Test
  void the_place_of_the_data_directory_follows_the_environment() throws AccessException {
    String home = folder.resolve("home").toString();
    Map<String, String> environment = new HashMap<>();
    assertThat(DataDirectory.open(environment, home, user()).path())
        .isEqualTo(Path.of(home, ".local/share/sallyport"));
    environment.put("XDG_DATA_HOME", "relative/is/ignored");
    assertThat(DataDirectory.open(environment, home, user()).path())
        .isEqualTo(Path.of(home, ".local/share/sallyport"));
    environment.put("XDG_DATA_HOME", folder.resolve("xdg").toString());
    assertThat(DataDirectory.open(environment, home, user()).path())
        .isEqualTo(folder.resolve("xdg/sallyport"));
    environment.put("SALLYPORT_DATA_DIR", folder.resolve("own").toString());
    assertThat(DataDirectory.open(environment, home, user()).path())
        .isEqualTo(folder.resolve("own"));
  }

  @Test
  void exactly_one_well_formed_bearer_credential_is_looked_at() {
    for (String good : List.of("Bearer abc", "bearer abc", "BEARER   abc")) {
      assertThat(Bearer.read(List.of(good)))
          .as(good)
          .isInstanceOfSatisfying(
              Bearer.Presented.Credential.class,
              found -> assertThat(found.secret().reveal()).isEqualTo("abc"));
    }
    for (List<String> nothingForUs :
        List.of(List.<String>of(), List.of("Basic abc"), List.of("abc"), List.of("BearerX abc"))) {
      assertThat(Bearer.read(nothingForUs)).isEqualTo(new Bearer.Presented.Nothing());
    }
    for (List<String> malformed :
        List.of(
            List.of("Bearer abc", "Bearer abc"),
            List.of("Bearer abc", "Basic abc"),
            List.of("Bearer abc, Bearer abc"),
            List.of("Bearer"),
            List.of("Bearer abc x"),
            List.of("Bearer " + "x".repeat(20_000)))) {
      assertThat(Bearer.read(malformed)).isEqualTo(new Bearer.Presented.Malformed());
    }
  }

  @Test
  void a_credential_does_not_print() {
    assertThat(Bearer.read(List.of("Bearer canary-value")).toString()).doesNotContain("canary");
  }

  @Test
  void a_secret_does_not_print() {
    assertThat(new Secret("sp_x")).hasToString("***");
    assertThat(
            new KeyStore.Issued(
                    new AccessKey("1", "a", Instant.EPOCH, Optional.empty()), new Secret("sp_x"))
                .toString())
        .doesNotContain("sp_x");
  }

  private KeyStore.Issued issue(String name, Optional<Duration> validity) throws AccessException {
    try (KeyStore store = store()) {
      return store.add(name, validity);
    }
  }

  private KeyStore store() throws AccessException {
    return KeyStore.open(directory, clock, new SecureRandom());
  }

  private static DataDirectory open(Path path) throws AccessException {
    return DataDirectory.open(Map.of("SALLYPORT_DATA_DIR", path.toString()), "/nowhere", user());
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static boolean within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  /** A clock that stands still until it is told to move. */
  private static final class TestClock extends Clock {
    private final AtomicReference<Instant> now =
        new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));

    void advance(Duration by) {
      now.updateAndGet(at -> at.plus(by));
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
