package dev.sallyport.signin.store;

import dev.sallyport.signin.Person;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What people have granted to clients: a code, which is taken once, and the family of refresh
 * tokens that comes of it, of which one works at a time. A code or a refresh token that comes again
 * was stolen, before or after; so the family ends (RFC 9700 sections 2.1.1 and 4.14, security T33).
 */
public final class GrantTable {
  /** Within it a refresh token may come again: an answer was lost, or two processes share it. */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final Duration REFRESH = Duration.ofDays(30);
  static final Duration FAMILY = Duration.ofDays(90);
  static final int MOST_FAMILIES = 100;
  static final int MOST_CODES = 100;

  private GrantTable() {}

  /** Who granted what to whom. */
  public record Grant(
      Person person, String client, String redirect, String scope, String resource) {}

  /**
   * @param challenge of PKCE, by S256
   */
  public record Code(Grant grant, String challenge) {}

  /** False when that person has too many of them. */
  public static boolean addCode(Rows rows, String hash, Code code, Instant now, Instant expires)
      throws SQLException {
    Grant grant = code.grant();
    if (rows.count("SELECT count(*) FROM code WHERE person = ?", grant.person().id())
        >= MOST_CODES) {
      return false;
    }
    rows.update(
        "INSERT INTO code (hash, person, client, redirect, challenge, scope, resource, expires)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        hash,
        grant.person().id(),
        grant.client(),
        grant.redirect(),
        code.challenge(),
        grant.scope(),
        grant.resource(),
        expires);
    ClientTable.touch(rows, grant.client(), now);
    return true;
  }

  /** Takes a code, which then is used up whatever comes of it. */
  public static Optional<Code> takeCode(Rows rows, String hash, Instant now) throws SQLException {
    if (rows.update("UPDATE code SET taken = ? WHERE hash = ? AND taken IS NULL", now, hash) == 0) {
      endFamilyOfCode(rows, hash);
      return Optional.empty();
    }
    return rows.one(
        "SELECT code.*, person.name, person.since FROM code"
            + " JOIN person ON person.id = code.person"
            + " WHERE code.hash = ? AND code.expires > ? AND person.revoked IS NULL",
        row -> new Code(grant(row), row.getString("challenge")),
        hash,
        now);
  }

  private static void endFamilyOfCode(Rows rows, String hash) throws SQLException {
    Optional<String> family =
        rows.one(
            "SELECT family FROM code WHERE hash = ? AND family IS NOT NULL",
            row -> row.getString("family"),
            hash);
    if (family.isPresent()) {
      endFamily(rows, family.get());
    }
  }

  /**
   * Begins the family that comes of a code. A person's oldest ends when there are too many.
   *
   * @param id of the family
   * @param refresh hash of its first token
   */
  public static void begin(
      Rows rows, String id, String refresh, String code, Grant grant, Instant now)
      throws SQLException {
    rows.update("UPDATE code SET family = ? WHERE hash = ?", id, code);
    rows.update(
        "INSERT INTO family (id, person, client, redirect, scope, resource, begun, expires)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        grant.person().id(),
        grant.client(),
        grant.redirect(),
        grant.scope(),
        grant.resource(),
        now,
        now.plus(FAMILY));
    addRefresh(rows, refresh, id, now);
    rows.update(
        "DELETE FROM family WHERE person = ? AND id NOT IN"
            + " (SELECT id FROM family WHERE person = ? ORDER BY begun DESC, rowid DESC LIMIT ?)",
        grant.person().id(),
        grant.person().id(),
        MOST_FAMILIES);
  }

  private static void addRefresh(Rows rows, String hash, String family, Instant now)
      throws SQLException {
    rows.update(
        "INSERT INTO refresh (hash, family, expires) VALUES (?, ?, ?)",
        hash,
        family,
        now.plus(REFRESH));
  }

  private record Refresh(String family, Grant grant, Optional<Instant> used) {}

  /** What it is for, when it may be used by that client; nothing is changed. */
  public static Optional<Grant> peek(Rows rows, String hash, String client, Instant now)
      throws SQLException {
    return find(rows, hash, now).map(Refresh::grant).filter(grant -> grant.client().equals(client));
  }

  /**
   * Uses a refresh token; its successor works from then on. The same token has the same successor,
   * so that two processes that share one, and a client whose answer was lost, all end up with what
   * works. That holds for {@link #GRACE}, and as long as the successor has not been used.
   *
   * @param hash of the token
   * @param next hash of its successor
   */
  public static Optional<Grant> renew(
      Rows rows, String hash, String next, String client, Instant now) throws SQLException {
    Optional<Refresh> found = find(rows, hash, now);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Refresh token = found.get();
    if (!token.grant().client().equals(client)) {
      endFamily(rows, token.family());
      return Optional.empty();
    }
    if (token.used().isEmpty()) {
      rows.update("UPDATE refresh SET used = ? WHERE hash = ?", now, hash);
      addRefresh(rows, next, token.family(), now);
      ClientTable.touch(rows, client, now);
      return Optional.of(token.grant());
    }
    boolean soon = now.isBefore(token.used().get().plus(GRACE));
    boolean unused =
        rows.count("SELECT count(*) FROM refresh WHERE hash = ? AND used IS NULL", next) == 1;
    if (soon && unused) {
      return Optional.of(token.grant());
    }
    endFamily(rows, token.family());
    return Optional.empty();
  }

  private static Optional<Refresh> find(Rows rows, String hash, Instant now) throws SQLException {
    return rows.one(
        "SELECT refresh.family, refresh.used, family.person, family.client, family.redirect,"
            + " family.scope, family.resource, person.name, person.since"
            + " FROM refresh JOIN family ON family.id = refresh.family"
            + " JOIN person ON person.id = family.person"
            + " WHERE refresh.hash = ? AND refresh.expires > ? AND family.expires > ?"
            + " AND person.revoked IS NULL",
        row -> new Refresh(row.getString("family"), grant(row), Rows.maybeTime(row, "used")),
        hash,
        now,
        now);
  }

  /** Ends what a refresh token belongs to, if it is that client's (RFC 7009). */
  public static void revoke(Rows rows, String hash, String client) throws SQLException {
    Optional<String> family =
        rows.one(
            "SELECT refresh.family FROM refresh JOIN family ON family.id = refresh.family"
                + " WHERE refresh.hash = ? AND family.client = ?",
            row -> row.getString("family"),
            hash,
            client);
    if (family.isPresent()) {
      endFamily(rows, family.get());
    }
  }

  private static void endFamily(Rows rows, String id) throws SQLException {
    rows.update("DELETE FROM refresh WHERE family = ?", id);
    rows.update("DELETE FROM family WHERE id = ?", id);
  }

  private static Grant grant(ResultSet row) throws SQLException {
    Person person =
        new Person(row.getString("person"), row.getString("name"), Rows.time(row, "since"));
    return new Grant(
        person,
        row.getString("client"),
        row.getString("redirect"),
        row.getString("scope"),
        row.getString("resource"));
  }
}
