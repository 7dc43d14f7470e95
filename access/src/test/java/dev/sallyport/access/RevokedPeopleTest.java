package dev.sallyport.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Person;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who are shut out by name, as commands write them and gateways see them. */
final class RevokedPeopleTest {
  private static final Person ANN = new Person("https://one.example", "1001");
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path folder;
  private DataDirectory directory = new DataDirectory(Path.of(""));

  @BeforeEach
  void open() throws AccessException {
    directory =
        DataDirectory.open(
            Map.of("SALLYPORT_DATA_DIR", folder.resolve("data").toString()),
            "/nowhere",
            System.getProperty("user.name"));
  }

  private KeyStore store() throws AccessException {
    return KeyStore.open(directory, Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
  }

  private static KeyRing ring(KeyStore store, AtomicLong nanos) throws AccessException {
    return KeyRing.watch(store, Clock.systemUTC(), nanos::get);
  }

  @Test
  void a_person_is_revoked_once_and_let_in_again_once() throws AccessException {
    try (KeyStore store = store()) {
      assertThat(store.people().list()).isEmpty();
      assertThat(store.people().add(ANN)).isTrue();
      assertThat(store.people().add(ANN)).isFalse();
      assertThat(store.people().list()).containsExactly(new RevokedPeople.Revoked(ANN, NOW));
      assertThat(store.people().remove(ANN)).isTrue();
      assertThat(store.people().remove(ANN)).isFalse();
      assertThat(store.people().list()).isEmpty();
    }
  }

  @Test
  void the_same_subject_of_another_issuer_is_somebody_else() throws AccessException { // T18
    try (KeyStore writer = store()) {
      writer.people().add(ANN);
    }
    try (KeyRing ring = ring(store(), new AtomicLong())) {
      assertThat(ring.standing(ANN)).isEqualTo(Standing.REVOKED);
      assertThat(ring.standing(new Person("https://two.example", ANN.subject())))
          .isEqualTo(Standing.GOOD);
      assertThat(ring.standing(new Person(ANN.issuer(), "1002"))).isEqualTo(Standing.GOOD);
    }
  }

  @Test
  void what_another_process_decides_counts_within_two_seconds() throws AccessException {
    try (KeyRing ring = ring(store(), new AtomicLong());
        KeyStore other = store()) {
      assertThat(ring.standing(ANN)).isEqualTo(Standing.GOOD);
      other.people().add(ANN);
      assertThat(within(ring, Standing.REVOKED)).isTrue();
      other.people().remove(ANN);
      assertThat(within(ring, Standing.GOOD)).isTrue();
    }
  }

  private static boolean within(KeyRing ring, Standing wanted) {
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (ring.standing(ANN) != wanted && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return ring.standing(ANN) == wanted;
  }

  @Test
  void nobody_is_good_while_it_cannot_be_told_who_is_revoked() throws AccessException {
    AtomicLong nanos = new AtomicLong();
    KeyStore store = store();
    try (KeyRing ring = ring(store, nanos)) {
      store.close(); // so that nothing is confirmed any more
      nanos.addAndGet(KeyRing.PATIENCE.toNanos() + 1);
      assertThat(ring.standing(ANN)).isEqualTo(Standing.UNKNOWN);
    }
  }
}
