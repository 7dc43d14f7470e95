package dev.sallyport.access;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The access keys on disk, name, hash and expiry, and who is revoked by name. Several processes may
 * use one file at a time, so a key made on the command line opens a gateway that already runs.
 * Blocks on files: for platform threads only. Confined to one thread.
 */
public final class KeyStore implements AutoCloseable {
  private static final int SCHEMA = 2;
  private static final int MOST_KEYS = 10_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  private final Connection connection;
  private final Clock clock;
  private final SecureRandom random;

  private KeyStore(Connection connection, Clock clock, SecureRandom random) {
    this.connection = connection;
    this.clock = clock;
    this.random = random;
  }

  /** A key at the only moment when it is known. */
  public record Issued(AccessKey key, Secret secret) {}

  /** A key as it is checked: the SHA-256 of its text, in hexadecimal. */
  record Stored(AccessKey key, String hash) {}

  /**
   * Opens the store, and makes it when there is none.
   *
   * @throws AccessException when the file cannot be used, or was written by a newer version
   */
  public static KeyStore open(DataDirectory directory, Clock clock, SecureRandom random)
      throws AccessException {
    Path file = directory.resolve("sallyport.db");
    try {
      Connection connection = SqliteFile.connect(directory, file);
      KeyStore store = new KeyStore(connection, clock, random);
      store.prepare(file);
      return store;
    } catch (SQLException | IOException e) {
      throw new AccessException(
          "cannot use the key store " + file + ": is the disk full, or the file damaged?", e);
    }
  }

  private void prepare(Path file) throws SQLException, AccessException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA journal_mode = WAL");
      int version = statement.executeQuery("PRAGMA user_version").getInt(1);
      if (version > SCHEMA) {
        connection.close();
        throw new AccessException(
            "the key store " + file + " was written by a newer version; use that version");
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS access_key (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
              + " hash TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, expires INTEGER)");
      RevokedPeople.prepare(statement);
      statement.execute("PRAGMA user_version = " + SCHEMA);
    }
  }

  /**
   * Makes a key: {@code sp_} and 256 random bits.
   *
   * @throws AccessException when the name is unfit or taken
   */
  public Issued add(String name, Optional<Duration> validity) throws AccessException {
    if (!NAME.matcher(name).matches()) {
      throw new AccessException(
          "a key's name is 1 to 64 of A-Z a-z 0-9 . _ @ - and starts with a letter or a digit");
    }
    dropExpired();
    if (list().size() >= MOST_KEYS) {
      throw new AccessException("there are " + MOST_KEYS + " keys already; revoke some first");
    }
    Secret secret = new Secret(AccessKey.PREFIX + randomText(32));
    Instant now = clock.instant();
    AccessKey key = new AccessKey(randomText(9), name, now, validity.map(now::plus));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO access_key (id, name, hash, created, expires) VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, key.id());
      insert.setString(2, name);
      insert.setString(3, HexFormat.of().formatHex(secret.sha256()));
      insert.setLong(4, now.toEpochMilli());
      if (key.expires().isPresent()) {
        insert.setLong(5, key.expires().get().toEpochMilli());
      }
      insert.executeUpdate();
    } catch (SQLException e) {
      if (exists(name)) {
        throw new AccessException(
            "there is a key named "
                + name
                + " already; revoke it first: sallyport keys revoke "
                + name,
            e);
      }
      throw new AccessException("cannot store the key: is the disk full?", e);
    }
    return new Issued(key, secret);
  }

  /** Every key that is not revoked, expired ones too, oldest first. */
  public List<AccessKey> list() throws AccessException {
    return read().stream().map(Stored::key).toList();
  }

  /** Revokes a key by name or id; false when there is none. */
  public boolean revoke(String nameOrId) throws AccessException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM access_key WHERE name = ? OR id = ?")) {
      delete.setString(1, nameOrId);
      delete.setString(2, nameOrId);
      return delete.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new AccessException("cannot revoke the key", e);
    }
  }

  /** Whom no token helps. */
  public RevokedPeople people() {
    return new RevokedPeople(connection, clock);
  }

  List<Stored> read() throws AccessException {
    List<Stored> keys = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, name, hash, created, expires FROM access_key ORDER BY created, id")) {
      while (rows.next()) {
        long expires = rows.getLong("expires");
        Optional<Instant> end =
            rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires));
        Instant created = Instant.ofEpochMilli(rows.getLong("created"));
        keys.add(
            new Stored(
                new AccessKey(rows.getString("id"), rows.getString("name"), created, end),
                rows.getString("hash")));
      }
      return keys;
    } catch (SQLException e) {
      throw new AccessException("cannot read the key store", e);
    }
  }

  /** Changes whenever another process changed the file; cheap to ask. */
  long dataVersion() throws AccessException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeQuery("PRAGMA data_version").getLong(1);
    } catch (SQLException e) {
      throw new AccessException("cannot read the key store", e);
    }
  }

  private boolean exists(String name) throws AccessException {
    return list().stream().anyMatch(key -> key.name().equals(name));
  }

  private void dropExpired() throws AccessException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM access_key WHERE expires <= ?")) {
      delete.setLong(1, clock.millis());
      delete.executeUpdate();
    } catch (SQLException e) {
      throw new AccessException("cannot clean the key store", e);
    }
  }

  private String randomText(int bytes) {
    byte[] fresh = new byte[bytes];
    random.nextBytes(fresh);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fresh);
  }

  @Override
  public void close() throws AccessException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AccessException("cannot close the key store", e);
    }
  }
}
