package dev.sallyport.signin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.DataDirectory;
import dev.sallyport.signin.Person;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();

  private Store open() throws AccessException {
    return Store.open(new DataDirectory(folder), Clock.systemUTC(), nanos::get);
  }

  private static Optional<Person> came(Store store, String name) throws StoreException {
    return store.in(
        rows -> {
          PeopleTable.invite(rows, name, name, NOW, NOW.plusSeconds(1));
          return PeopleTable.redeem(rows, name, "id-" + name, NOW);
        });
  }

  @Test
  void a_job_is_whole_or_not_at_all() throws Exception {
    try (Store store = open()) {
      came(store, "ada");
      assertThatThrownBy(
              () ->
                  store.in(
                      rows -> {
                        PeopleTable.revoke(rows, "ada", NOW);
                        throw new SQLException("the disk is full");
                      }))
          .isInstanceOf(StoreException.class);

      assertThat(store.in(PeopleTable::all)).extracting(Person::name).containsExactly("ada");
      store.in(rows -> PeopleTable.revoke(rows, "ada", NOW));
      assertThat(store.in(PeopleTable::all)).isEmpty();
    }
  }

  @Test
  void after_its_end_there_are_no_jobs_and_nobody_is_known() throws Exception {
    Store store = open();
    came(store, "ada");
    store.in(PeopleTable::all);
    assertThat(store.knows("id-ada")).isTrue();

    store.close();

    assertThat(store.knows("id-ada")).isFalse();
    assertThatThrownBy(() -> store.in(PeopleTable::all)).isInstanceOf(StoreException.class);
  }

  @Test
  void people_are_not_known_when_nobody_could_look_them_up_for_half_a_minute() throws Exception {
    try (Store store = open()) {
      came(store, "ada");
      store.in(PeopleTable::all);
      store.in(
          rows -> { // while this goes on, the thread looks nobody up
            assertThat(store.knows("id-ada")).isTrue();
            nanos.addAndGet(Duration.ofSeconds(31).toNanos());
            assertThat(store.knows("id-ada")).isFalse();
            return true;
          });
    }
  }

  @Test
  void a_file_of_a_newer_version_is_left_alone() throws Exception {
    open().close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("signin.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThatThrownBy(this::open)
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void a_flood_of_clients_pushes_out_the_oldest_that_nobody_used() throws Exception {
    try (Store store = open()) {
      store.in(
          rows -> {
            rows.update(
                "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)"
                    + " INSERT INTO client (id, name, redirects, registered, expires)"
                    + " SELECT 'c' || i, '', 'https://a.example/cb', ? + i, ? FROM n",
                ClientTable.MOST,
                NOW.minusSeconds(60),
                NOW.plusSeconds(60));
            ClientTable.touch(rows, "c0", NOW);
            return true;
          });

      store.in(rows -> ClientTable.add(rows, client("late")));

      assertThat(found(store, "late")).isPresent();
      assertThat(found(store, "c0")).isPresent();
      assertThat(found(store, "c1")).isEmpty();
      assertThat(found(store, "c2")).isPresent();
    }
  }

  private static Optional<ClientTable.Registered> found(Store store, String id)
      throws StoreException {
    return store.in(rows -> ClientTable.find(rows, id, NOW));
  }

  private static ClientTable.Registered client(String id) {
    return new ClientTable.Registered(id, "", List.of("https://a.example/cb"), NOW);
  }

  @Test
  void there_are_so_many_invites_and_expired_ones_make_room() throws Exception {
    try (Store store = open()) {
      store.in(
          rows -> {
            for (int i = 0; i < PeopleTable.MOST_INVITES; i++) {
              PeopleTable.invite(rows, "h" + i, "n" + i, NOW, NOW.plusSeconds(60));
            }
            return true;
          });

      assertThat(invited(store, "more", NOW)).isFalse();
      assertThat(invited(store, "more", NOW.plusSeconds(60))).isTrue();
    }
  }

  private static boolean invited(Store store, String hash, Instant now) throws StoreException {
    return store.in(rows -> PeopleTable.invite(rows, hash, "x", now, now.plusSeconds(60)));
  }

  @Test
  void what_is_over_is_swept_away() throws Exception {
    try (Store store = open()) {
      invited(store, "old", NOW);
      invited(store, "new", NOW.plusSeconds(30));

      store.in(rows -> Sweep.before(rows, NOW.plusSeconds(61)));

      long left = store.in(rows -> rows.count("SELECT count(*) FROM invite"));
      assertThat(left).isEqualTo(1);
    }
  }
}
