package dev.sallyport.signin.store;

import dev.sallyport.access.AccessException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables. What a hash stands for is never in them. */
final class Schema {
  private static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)",
          "CREATE TABLE IF NOT EXISTS signing_key (id TEXT PRIMARY KEY, jwk TEXT NOT NULL,"
              + " made INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
              + " since INTEGER NOT NULL, revoked INTEGER)",
          "CREATE UNIQUE INDEX IF NOT EXISTS person_name ON person (name) WHERE revoked IS NULL",
          "CREATE TABLE IF NOT EXISTS invite (hash TEXT PRIMARY KEY, name TEXT NOT NULL,"
              + " expires INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS browser (hash TEXT PRIMARY KEY, person TEXT NOT NULL,"
              + " since INTEGER NOT NULL, expires INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS client (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
              + " redirects TEXT NOT NULL, registered INTEGER NOT NULL, used INTEGER,"
              + " expires INTEGER NOT NULL)",
          "CREATE TABLE IF NOT EXISTS code (hash TEXT PRIMARY KEY, person TEXT NOT NULL,"
              + " client TEXT NOT NULL, redirect TEXT NOT NULL, challenge TEXT NOT NULL,"
              + " scope TEXT NOT NULL, resource TEXT NOT NULL, expires INTEGER NOT NULL,"
              + " taken INTEGER, family TEXT)",
          "CREATE TABLE IF NOT EXISTS family (id TEXT PRIMARY KEY, person TEXT NOT NULL,"
              + " client TEXT NOT NULL, redirect TEXT NOT NULL, scope TEXT NOT NULL,"
              + " resource TEXT NOT NULL, begun INTEGER NOT NULL, expires INTEGER NOT NULL)",
          "CREATE INDEX IF NOT EXISTS family_person ON family (person)",
          "CREATE TABLE IF NOT EXISTS refresh (hash TEXT PRIMARY KEY, family TEXT NOT NULL,"
              + " expires INTEGER NOT NULL, used INTEGER)",
          "CREATE INDEX IF NOT EXISTS refresh_family ON refresh (family)",
          // Tells cheaply, to this process and to others, that somebody came or went.
          "CREATE TABLE IF NOT EXISTS roll (one INTEGER PRIMARY KEY CHECK (one = 1),"
              + " version INTEGER NOT NULL)",
          "INSERT OR IGNORE INTO roll (one, version) VALUES (1, 0)",
          "CREATE TRIGGER IF NOT EXISTS person_came AFTER INSERT ON person"
              + " BEGIN UPDATE roll SET version = version + 1; END",
          "CREATE TRIGGER IF NOT EXISTS person_changed AFTER UPDATE ON person"
              + " BEGIN UPDATE roll SET version = version + 1; END");

  private Schema() {}

  static void prepare(Connection connection, Path file) throws SQLException, AccessException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA journal_mode = WAL");
      int version = statement.executeQuery("PRAGMA user_version").getInt(1);
      if (version > VERSION) {
        connection.close();
        throw new AccessException(file + " was written by a newer version; use that version");
      }
      statement.execute("BEGIN IMMEDIATE");
      for (String table : TABLES) {
        statement.execute(table);
      }
      statement.execute("PRAGMA user_version = " + VERSION);
      statement.execute("COMMIT");
    }
  }
}
