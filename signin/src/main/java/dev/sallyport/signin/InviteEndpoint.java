package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import dev.sallyport.signin.page.Pages;
import dev.sallyport.signin.store.PeopleTable;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpHead;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Where an invite becomes a cookie. To open the link only shows whom it is for, because mail and
 * chat programs open links too; the form on that page uses it up. Thread-safe.
 */
final class InviteEndpoint {
  private final Store store;
  private final Browsers browsers;
  private final Clock clock;
  private final Chance chance;

  InviteEndpoint(Store store, Browsers browsers, Clock clock, Chance chance) {
    this.store = store;
    this.browsers = browsers;
    this.clock = clock;
    this.chance = chance;
  }

  private static String hash(HttpHead head) {
    return Chance.hash(new Secret(head.path().substring(People.INVITE_PATH.length())));
  }

  HttpAnswer show(Home home, HttpHead head) throws StoreException {
    String hash = hash(head);
    Optional<String> name = store.in(rows -> PeopleTable.invited(rows, hash, clock.instant()));
    Optional<String> known = browsers.known(home, head).map(browser -> browser.person().name());
    return name.isPresent() ? Pages.invite(head.path(), name.get(), known) : over();
  }

  HttpAnswer use(Home home, HttpHead head) throws StoreException {
    // Else a page elsewhere could make somebody's browser known as another person (login CSRF).
    if (!home.isSentFromHere(head)) {
      return Pages.trouble(
          403, "That did not come from here", "Open the invitation again, and go on from there.");
    }
    String hash = hash(head);
    Secret cookie = chance.secret();
    Optional<Browsers.Known> before = browsers.known(home, head);
    Instant now = clock.instant();
    Optional<Person> person =
        store.in(
            rows -> {
              Optional<Person> came = PeopleTable.redeem(rows, hash, chance.id(), now);
              if (came.isPresent()) {
                PeopleTable.addBrowser(
                    rows, Chance.hash(cookie), came.get(), now, now.plus(Browsers.KNOWN));
                if (before.isPresent()) {
                  PeopleTable.forgetBrowser(rows, before.get().hash());
                }
              }
              return came;
            });
    return person.isPresent()
        ? Pages.welcome(person.get().name()).with("Set-Cookie", Browsers.setting(home, cookie))
        : over();
  }

  /** The same for one that never was. */
  private static HttpAnswer over() {
    return Pages.trouble(
        404,
        "This invitation does not work",
        "It was used already, or is older than 24 hours. Ask whoever sent it for a new one:"
            + " sallyport invite NAME");
  }
}
