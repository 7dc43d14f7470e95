package dev.sallyport.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.access.Secret;
import dev.sallyport.signin.page.Pages;
import dev.sallyport.signin.store.GrantTable;
import dev.sallyport.signin.store.GrantTable.Code;
import dev.sallyport.signin.store.GrantTable.Grant;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpHead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks a person whether a client may have a token, each time, and sends the answer back (RFC 6749
 * section 4.1.1). A question belongs to the browser that it was put to, works once, and for ten
 * minutes (security T22, T24, T25). Who is not known here causes nothing: no look at a client, no
 * fetch, no redirect. Thread-safe.
 */
final class AuthorizeEndpoint {
  static final Duration CODE = Duration.ofSeconds(60);
  static final Duration QUESTION = Duration.ofMinutes(10);
  private static final int MOST_QUESTIONS = 1_000;
  private static final String CANNOT_WORK = "This cannot work";

  private final Store store;
  private final Clients clients;
  private final Browsers browsers;
  private final Supplier<List<Resource>> resources;
  private final Clock clock;
  private final Chance chance;
  private final Cache<String, Question> questions;

  /**
   * @param browser hash of its cookie
   */
  private record Question(Asked asked, String browser) {}

  /**
   * @param nanos a monotonic clock
   */
  AuthorizeEndpoint(
      Store store,
      Clients clients,
      Browsers browsers,
      Supplier<List<Resource>> resources,
      Clock clock,
      LongSupplier nanos,
      Chance chance) {
    this.store = store;
    this.clients = clients;
    this.browsers = browsers;
    this.resources = resources;
    this.clock = clock;
    this.chance = chance;
    questions =
        Caffeine.newBuilder()
            .maximumSize(MOST_QUESTIONS)
            .expireAfterWrite(QUESTION)
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  HttpAnswer ask(Home home, HttpHead head) throws StoreException, InterruptedException {
    Optional<Browsers.Known> browser = browsers.known(home, head);
    if (browser.isEmpty()) {
      return unknownBrowser();
    }
    Optional<Form> form = Form.read(head.query().orElse(""));
    if (form.isEmpty() || form.get().repeats(List.of("client_id", "redirect_uri"))) {
      return trouble("The link that brought you here is damaged.");
    }
    Optional<String> id = form.get().get("client_id");
    if (id.isEmpty()) {
      return trouble("The link that brought you here names no client (client_id).");
    }
    return switch (clients.find(id.get())) {
      case Clients.Found.Unknown(var why) -> trouble(why);
      case Clients.Found.Known(var client) -> ask(home, browser.get(), client, form.get());
    };
  }

  private HttpAnswer ask(Home home, Browsers.Known browser, Client client, Form form) {
    Optional<RedirectUri> redirect =
        form.get("redirect_uri").flatMap(RedirectUri::of).filter(client::mayReturnTo);
    if (redirect.isEmpty()) {
      // Never there: whoever wrote the link may have written it (RFC 6749 section 4.1.2.1).
      return trouble(
          "The place that the answer should go to (redirect_uri) is none that this client has"
              + " registered.");
    }
    return switch (Asked.read(client, redirect.get(), form, resources.get())) {
      case Asked.Read.Wrong wrong -> wrong(home, client, redirect.get(), wrong);
      case Asked.Read.Sound(var asked) -> {
        Secret ticket = chance.secret();
        questions.put(Chance.hash(ticket), new Question(asked, browser.hash()));
        yield Pages.consent(question(asked, browser.person(), ticket));
      }
    };
  }

  private static Pages.Question question(Asked asked, Person person, Secret ticket) {
    return new Pages.Question(
        asked.client().name().isEmpty() ? "A program without a name" : asked.client().name(),
        asked.client().named() ? Optional.of("the operator") : asked.client().host(),
        asked.redirect().destination(),
        asked.redirect().isLoopback(),
        asked.redirect().policySource(),
        asked.resource().url(),
        person.name(),
        Asked.names(asked.scope()).stream().toList(),
        ticket.reveal());
  }

  /**
   * Anybody can register a client, and so make links that lead from here to a site of theirs; there
   * a person goes only if they want to (RFC 9700 section 4.11.2).
   */
  private static HttpAnswer wrong(
      Home home, Client client, RedirectUri redirect, Asked.Read.Wrong wrong) {
    String back = back(home, redirect, wrong.state(), error(wrong.error(), wrong.description()));
    return client.named() || redirect.isLoopback()
        ? redirected(back)
        : Pages.wayBack(
            "The program that wants to sign in has asked for something that is not possible: "
                + wrong.description()
                + ".",
            redirect.url().host(),
            back);
  }

  HttpAnswer decide(Home home, HttpHead head, Form form) throws StoreException {
    if (!home.isSentFromHere(head)) {
      return forbidden();
    }
    Optional<Browsers.Known> browser = browsers.known(home, head);
    if (browser.isEmpty()) {
      return unknownBrowser();
    }
    String ticket = form.get("ticket").map(Secret::new).map(Chance::hash).orElse("");
    Optional<Question> found = Optional.ofNullable(questions.getIfPresent(ticket));
    if (found.isEmpty()) {
      return trouble("This question was answered already, or is older than ten minutes.");
    }
    if (!found.get().browser().equals(browser.get().hash())) {
      return forbidden();
    }
    String decision = form.get("decision").orElse("");
    // Of many at a time one gets it (security T25).
    if (!questions.asMap().remove(ticket, found.get())) {
      return trouble("This question was answered already.");
    }
    return switch (decision) {
      case "allow" -> allow(home, found.get().asked(), browser.get().person());
      case "deny" ->
          redirected(
              back(
                  home,
                  found.get().asked().redirect(),
                  found.get().asked().state(),
                  error("access_denied", "the person has said no")));
      default -> trouble("The answer is neither yes nor no.");
    };
  }

  private HttpAnswer allow(Home home, Asked asked, Person person) throws StoreException {
    Secret code = chance.secret();
    Instant now = clock.instant();
    Grant grant =
        new Grant(
            person,
            asked.client().id(),
            asked.redirect().text(),
            asked.scope(),
            asked.resource().url());
    boolean added =
        store.in(
            rows ->
                GrantTable.addCode(
                    rows,
                    Chance.hash(code),
                    new Code(grant, asked.challenge()),
                    now,
                    now.plus(CODE)));
    return added
        ? redirected(
            back(home, asked.redirect(), asked.state(), List.of(Map.entry("code", code.reveal()))))
        : Pages.trouble(429, "Too often", "You have signed in too often. Try again in an hour.");
  }

  private static List<Map.Entry<String, String>> error(String code, String description) {
    return List.of(Map.entry("error", code), Map.entry("error_description", description));
  }

  /** Who answers is in it, also when something is wrong (RFC 9207, AS-03). */
  private static String back(
      Home home,
      RedirectUri redirect,
      Optional<String> state,
      List<Map.Entry<String, String>> answer) {
    List<Map.Entry<String, String>> whole = new ArrayList<>(answer);
    state.ifPresent(text -> whole.add(Map.entry("state", text)));
    whole.add(Map.entry("iss", home.issuer()));
    return redirect.with(whole);
  }

  /** By a GET, and without the form (RFC 9700 section 4.12). */
  private static HttpAnswer redirected(String to) {
    return HttpAnswer.empty(303)
        .with("Location", to)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer");
  }

  private static HttpAnswer unknownBrowser() {
    return Pages.trouble(
        403,
        "This browser is not known here",
        "Open the link of your invitation in this browser, then let your program sign in again."
            + " The operator makes a link with: sallyport invite NAME");
  }

  private static HttpAnswer forbidden() {
    return Pages.trouble(
        403,
        "That did not come from here",
        "The question was put to another browser, or another page has answered it. Let your program"
            + " sign in again.");
  }

  private static HttpAnswer trouble(String what) {
    return Pages.trouble(400, CANNOT_WORK, what);
  }
}
