package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import dev.sallyport.signin.store.PeopleTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpHead;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells whose browser it is, by its cookie. Thread-safe. */
final class Browsers {
  static final Duration KNOWN = Duration.ofDays(90);

  private final Store store;
  private final Clock clock;

  Browsers(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * A browser that somebody came in by.
   *
   * @param hash of its cookie
   */
  record Known(String hash, Person person) {}

  Optional<Known> known(Home home, HttpHead head) throws StoreException {
    Optional<String> hash = cookie(home, head).map(Chance::hash);
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    return store
        .in(rows -> PeopleTable.ofBrowser(rows, hash.get(), clock.instant()))
        .map(person -> new Known(hash.get(), person));
  }

  /** Of two, one was put there by somebody else, and nobody can tell which: that is none. */
  private static Optional<Secret> cookie(Home home, HttpHead head) {
    List<String> values = new ArrayList<>();
    String name = home.cookie() + "=";
    for (String field : head.fields().all("Cookie")) {
      for (String pair : field.split(";", -1)) {
        if (pair.strip().startsWith(name)) {
          values.add(pair.strip().substring(name.length()));
        }
      }
    }
    return values.size() == 1 ? Optional.of(new Secret(values.getFirst())) : Optional.empty();
  }

  /** The value of {@code Set-Cookie}. Lax, because clients lead people here from elsewhere. */
  static String setting(Home home, Secret cookie) {
    return home.cookie()
        + "="
        + cookie.reveal()
        + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        + KNOWN.toSeconds()
        + (home.isSecure() ? "; Secure" : "");
  }
}
