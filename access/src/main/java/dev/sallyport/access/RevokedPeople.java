package dev.sallyport.access;

import dev.sallyport.protocol.Person;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * People whose tokens open nothing, whatever their issuer says, until they are let in again.
 * Confined to one thread, as the store that it is part of.
 */
public final class RevokedPeople {
  private static final int MOST = 100_000;

  private final Connection connection;
  private final Clock clock;

  RevokedPeople(Connection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /**
   * One of them.
   *
   * @param since when that was decided
   */
  public record Revoked(Person person, Instant since) {}

  static void prepare(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE IF NOT EXISTS revoked_person (issuer TEXT NOT NULL, subject TEXT NOT NULL,"
            + " since INTEGER NOT NULL, PRIMARY KEY (issuer, subject))");
  }

  /** False when the person was among them already. */
  public boolean add(Person person) throws AccessException {
    if (list().size() >= MOST) {
      throw new AccessException(
          "there are "
              + MOST
              + " revoked people already; let some in, or end them at their issuer");
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO revoked_person (issuer, subject, since) VALUES (?, ?, ?)")) {
      insert.setString(1, person.issuer());
      insert.setString(2, person.subject());
      insert.setLong(3, clock.millis());
      return insert.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new AccessException("cannot revoke them: is the disk full?", e);
    }
  }

  /** Lets somebody in again; false when they were not among them. */
  public boolean remove(Person person) throws AccessException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM revoked_person WHERE issuer = ? AND subject = ?")) {
      delete.setString(1, person.issuer());
      delete.setString(2, person.subject());
      return delete.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new AccessException("cannot let them in again", e);
    }
  }

  /** The latest last. */
  public List<Revoked> list() throws AccessException {
    List<Revoked> people = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT issuer, subject, since FROM revoked_person ORDER BY since, issuer,"
                    + " subject")) {
      while (rows.next()) {
        people.add(
            new Revoked(
                new Person(rows.getString("issuer"), rows.getString("subject")),
                Instant.ofEpochMilli(rows.getLong("since"))));
      }
      return people;
    } catch (SQLException e) {
      throw new AccessException("cannot read who is revoked", e);
    }
  }
}
