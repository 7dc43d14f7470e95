package dev.sallyport.signin.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Forgets what is over. */
final class Sweep {
  /** A code is known for longer than it works, so that a replay can end what came of it. */
  private static final Duration CODE_KEPT = Duration.ofHours(1);

  private Sweep() {}

  /** How many rows are gone. */
  static int before(Rows rows, Instant now) throws SQLException {
    return rows.update("DELETE FROM code WHERE expires <= ?", now.minus(CODE_KEPT))
        + rows.update("DELETE FROM invite WHERE expires <= ?", now)
        + rows.update("DELETE FROM browser WHERE expires <= ?", now)
        + rows.update("DELETE FROM client WHERE expires <= ?", now)
        + rows.update("DELETE FROM family WHERE expires <= ?", now)
        + rows.update("DELETE FROM refresh WHERE expires <= ?", now)
        + rows.update("DELETE FROM refresh WHERE family NOT IN (SELECT id FROM family)");
  }
}
