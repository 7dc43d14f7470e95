package dev.sallyport.signin.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Clients that registered themselves. They expire: soon when nobody ever signs in with them, later
 * when somebody does. A flood cannot push out one that is about to be used, because the oldest of
 * those that never were go first.
 */
public final class ClientTable {
  public static final int MOST = 10_000;
  static final Duration UNUSED = Duration.ofHours(24);
  static final Duration USED = Duration.ofDays(90);

  private ClientTable() {}

  /**
   * @param name as the client calls itself; empty when it does not
   * @param redirects as it registered them
   */
  public record Registered(String id, String name, List<String> redirects, Instant registered) {
    public Registered {
      redirects = List.copyOf(redirects);
    }
  }

  /** False when there are too many that are in use. */
  public static boolean add(Rows rows, Registered client) throws SQLException {
    Instant now = client.registered();
    rows.update("DELETE FROM client WHERE expires <= ?", now);
    if (rows.count("SELECT count(*) FROM client") >= MOST) {
      int made =
          rows.update(
              "DELETE FROM client WHERE id IN (SELECT id FROM client WHERE used IS NULL"
                  + " ORDER BY registered LIMIT 1)");
      if (made == 0) {
        return false;
      }
    }
    rows.update(
        "INSERT INTO client (id, name, redirects, registered, expires) VALUES (?, ?, ?, ?, ?)",
        client.id(),
        client.name(),
        String.join("\n", client.redirects()), // no URI has a line break
        now,
        now.plus(UNUSED));
    return true;
  }

  public static Optional<Registered> find(Rows rows, String id, Instant now) throws SQLException {
    return rows.one(
        "SELECT * FROM client WHERE id = ? AND expires > ?",
        row ->
            new Registered(
                row.getString("id"),
                row.getString("name"),
                row.getString("redirects").lines().toList(),
                Rows.time(row, "registered")),
        id,
        now);
  }

  /** Somebody has signed in with it. Nothing happens when it is none of these. */
  static void touch(Rows rows, String id, Instant now) throws SQLException {
    rows.update("UPDATE client SET used = ?, expires = ? WHERE id = ?", now, now.plus(USED), id);
  }
}
