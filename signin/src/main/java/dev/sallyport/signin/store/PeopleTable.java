package dev.sallyport.signin.store;

import dev.sallyport.signin.Person;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * People, the invites they come in by, and the browsers they are known by. A name is one person's
 * until that is revoked; whoever comes in by it later is another person, with nothing of the first.
 */
public final class PeopleTable {
  public static final int MOST_PEOPLE = 10_000;
  public static final int MOST_INVITES = 1_000;
  private static final int MOST_BROWSERS = 20;

  private PeopleTable() {}

  /** False when there are too many already. */
  public static boolean invite(Rows rows, String hash, String name, Instant now, Instant expires)
      throws SQLException {
    rows.update("DELETE FROM invite WHERE expires <= ?", now);
    if (rows.count("SELECT count(*) FROM invite") >= MOST_INVITES) {
      return false;
    }
    rows.update("INSERT INTO invite (hash, name, expires) VALUES (?, ?, ?)", hash, name, expires);
    return true;
  }

  /** Whom an invite is for, without using it up: a link is opened by programs that look at it. */
  public static Optional<String> invited(Rows rows, String hash, Instant now) throws SQLException {
    return rows.one(
        "SELECT name FROM invite WHERE hash = ? AND expires > ?",
        row -> row.getString("name"),
        hash,
        now);
  }

  /**
   * Uses an invite up.
   *
   * @param newId for somebody who was not here before
   */
  public static Optional<Person> redeem(Rows rows, String hash, String newId, Instant now)
      throws SQLException {
    Optional<String> name = invited(rows, hash, now);
    if (name.isEmpty() || rows.update("DELETE FROM invite WHERE hash = ?", hash) != 1) {
      return Optional.empty();
    }
    Optional<Person> known =
        rows.one(
            "SELECT * FROM person WHERE name = ? AND revoked IS NULL",
            PeopleTable::person,
            name.get());
    if (known.isPresent()) {
      return known;
    }
    if (rows.count("SELECT count(*) FROM person WHERE revoked IS NULL") >= MOST_PEOPLE) {
      return Optional.empty();
    }
    rows.update("INSERT INTO person (id, name, since) VALUES (?, ?, ?)", newId, name.get(), now);
    return Optional.of(new Person(newId, name.get(), now));
  }

  /** The oldest browsers of a person who has too many are forgotten. */
  public static void addBrowser(Rows rows, String hash, Person person, Instant now, Instant expires)
      throws SQLException {
    rows.update(
        "INSERT INTO browser (hash, person, since, expires) VALUES (?, ?, ?, ?)",
        hash,
        person.id(),
        now,
        expires);
    rows.update(
        "DELETE FROM browser WHERE person = ? AND hash NOT IN (SELECT hash FROM browser WHERE"
            + " person = ? ORDER BY since DESC, rowid DESC LIMIT ?)",
        person.id(),
        person.id(),
        MOST_BROWSERS);
  }

  public static void forgetBrowser(Rows rows, String hash) throws SQLException {
    rows.update("DELETE FROM browser WHERE hash = ?", hash);
  }

  public static Optional<Person> ofBrowser(Rows rows, String hash, Instant now)
      throws SQLException {
    return rows.one(
        "SELECT person.* FROM browser JOIN person ON person.id = browser.person"
            + " WHERE browser.hash = ? AND browser.expires > ? AND person.revoked IS NULL",
        PeopleTable::person,
        hash,
        now);
  }

  public static List<Person> all(Rows rows) throws SQLException {
    return rows.all(
        "SELECT * FROM person WHERE revoked IS NULL ORDER BY name", PeopleTable::person);
  }

  /** Ends everything a person has here; false when there is nobody, and no invite, of that name. */
  public static boolean revoke(Rows rows, String name, Instant now) throws SQLException {
    boolean invited = rows.update("DELETE FROM invite WHERE name = ?", name) > 0;
    Optional<String> id =
        rows.one(
            "SELECT id FROM person WHERE name = ? AND revoked IS NULL",
            row -> row.getString("id"),
            name);
    if (id.isPresent()) {
      rows.update("UPDATE person SET revoked = ? WHERE id = ?", now, id.get());
      rows.update("DELETE FROM browser WHERE person = ?", id.get());
      rows.update("DELETE FROM code WHERE person = ?", id.get());
      rows.update(
          "DELETE FROM refresh WHERE family IN (SELECT id FROM family WHERE person = ?)", id.get());
      rows.update("DELETE FROM family WHERE person = ?", id.get());
    }
    return invited || id.isPresent();
  }

  static Person person(ResultSet row) throws SQLException {
    return new Person(row.getString("id"), row.getString("name"), Rows.time(row, "since"));
  }
}
