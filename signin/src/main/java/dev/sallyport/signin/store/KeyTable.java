package dev.sallyport.signin.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The keys that tokens are signed with, and the one that refresh tokens are made with. */
public final class KeyTable {
  private KeyTable() {}

  /**
   * @param jwk with its private part
   */
  public record Stored(String id, String jwk, Instant made) {
    /** Without the key. */
    @Override
    public String toString() {
      return "Stored[" + id + "]";
    }
  }

  /**
   * Those there are, newest first: with a new one when the newest is too old, and without those
   * that were replaced too long ago.
   *
   * @param life after which a key is replaced
   * @param kept for how long a replaced one is kept
   */
  public static List<Stored> turned(
      Rows rows, Instant now, Duration life, Duration kept, Supplier<Stored> fresh)
      throws SQLException {
    if (rows.count("SELECT count(*) FROM signing_key WHERE made > ?", now.minus(life)) == 0) {
      Stored next = fresh.get();
      rows.update(
          "INSERT INTO signing_key (id, jwk, made) VALUES (?, ?, ?)",
          next.id(),
          next.jwk(),
          next.made());
    }
    rows.update(
        "DELETE FROM signing_key WHERE EXISTS (SELECT 1 FROM signing_key AS next"
            + " WHERE next.made > signing_key.made AND next.made <= ?)",
        now.minus(kept));
    return rows.all(
        "SELECT * FROM signing_key ORDER BY made DESC",
        row -> new Stored(row.getString("id"), row.getString("jwk"), Rows.time(row, "made")));
  }

  /** The one of that name, which is kept from the first time on. */
  public static byte[] secret(Rows rows, String name, byte[] fresh) throws SQLException {
    rows.update("INSERT OR IGNORE INTO secret (name, bytes) VALUES (?, ?)", name, fresh);
    return rows.one("SELECT bytes FROM secret WHERE name = ?", row -> row.getBytes(1), name)
        .orElseThrow();
  }
}
