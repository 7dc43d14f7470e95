package dev.sallyport.signin.page;

import static dev.sallyport.signin.page.Html.element;
import static dev.sallyport.signin.page.Html.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpFields;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes the pages. */
public final class Pages {
  private static final String CSS =
      """
      :root{color-scheme:light dark}
      body{margin:0;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
      main{max-width:36rem;margin:2rem auto;overflow-wrap:anywhere}
      h1{font-size:1.4rem;line-height:1.3}
      dt{font-weight:600}dd{margin:0 0 .75rem}
      .warning{border-left:.3rem solid #b00020;padding:.5rem .75rem;background:#fdecee;color:#1a1a1a}
      form{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0}
      button,a.button{font:inherit;padding:.6rem 1.2rem;min-height:2.75rem;box-sizing:border-box;border-radius:.3rem;\
      border:2px solid #0b57d0;background:#fff;color:#0b57d0;text-decoration:none;cursor:pointer}
      button.main{background:#0b57d0;color:#fff}
      button:focus-visible,a:focus-visible{outline:3px solid #1a1a1a;outline-offset:2px}
      .small{font-size:.9rem;color:#444}
      @media(prefers-color-scheme:dark){body{color:#eee;background:#121212}.small{color:#bbb}a{color:#a8c7fa}\
      button,a.button{background:#121212;color:#a8c7fa;border-color:#a8c7fa}\
      button.main{background:#a8c7fa;color:#121212}\
      button:focus-visible,a:focus-visible{outline-color:#eee}}
      """;

  private static final String STYLE_HASH = "'sha256-" + sha256(CSS) + "'";

  private static final String TEAM =
      "This is the sign-in that comes with Sallyport, for a small team. A larger one uses its own"
          + " identity provider (sallyport with --issuer URL).";

  private Pages() {}

  private static String sha256(String css) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(css.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * What a person is asked.
   *
   * @param client as it calls itself
   * @param clientHost whose document says who it is; empty when nobody vouches for its name
   * @param destination where the answer goes: a host, or a program on this computer
   * @param loopback whether it is the latter
   * @param returnsTo the origin of that, for the policy of the page
   * @param ticket what the form is to send back
   */
  public record Question(
      String client,
      Optional<String> clientHost,
      String destination,
      boolean loopback,
      String returnsTo,
      String resource,
      String person,
      List<String> scopes,
      String ticket) {
    public Question {
      scopes = List.copyOf(scopes);
    }

    /** Without the ticket. */
    @Override
    public String toString() {
      return "Question[" + clientHost + "]";
    }
  }

  public static HttpAnswer consent(Question asked) {
    String client = Shown.of(asked.client());
    List<Html> content = new ArrayList<>();
    content.add(
        element(
            "h1",
            element("bdi", text(client)),
            text(" wants to use " + asked.resource() + " as " + asked.person())));
    content.add(facts(asked));
    content.addAll(warnings(asked));
    content.add(
        element(
                "form",
                hidden("ticket", asked.ticket()),
                button("decision", "allow", "Allow").with("class", "main"),
                button("decision", "deny", "Do not allow"))
            .with("method", "post")
            .with("action", "/signin/authorize"));
    content.add(small("Allow only what you have just started yourself."));
    return page(200, "Allow " + client + "?", content, asked.returnsTo());
  }

  private static Html facts(Question asked) {
    String granted =
        asked.scopes().isEmpty()
            ? "Use everything there that you may use"
            : String.join(", ", asked.scopes());
    return element(
        "dl",
        element("dt", text("Who asks")),
        element(
            "dd",
            text(
                asked
                    .clientHost()
                    .map(host -> "A client that " + host + " vouches for")
                    .orElse("A client that nobody vouches for: it chose its name itself"))),
        element("dt", text("Where the answer goes")),
        element("dd", text(asked.destination())),
        element("dt", text("What it may do")),
        element("dd", text(granted)),
        element("dt", text("For how long")),
        element("dd", text("Until access is revoked, 90 days at most")));
  }

  private static List<Html> warnings(Question asked) {
    return asked.loopback()
        ? List.of(
            element(
                    "p",
                    text(
                        "The answer goes to a program on this computer. Any program here can claim"
                            + " to be this client: allow it only if you started it just now."))
                .with("class", "warning"))
        : List.of();
  }

  /**
   * @param known who this browser belongs to so far
   */
  public static HttpAnswer invite(String path, String name, Optional<String> known) {
    List<Html> content = new ArrayList<>();
    content.add(element("h1", text("You are invited as " + name)));
    content.add(
        element(
            "p",
            text(
                "If you go on, this browser is known as "
                    + name
                    + " for 90 days: programs that you allow can then act as you. The link works"
                    + " once. Go on only on a computer of your own.")));
    known
        .filter(other -> !other.equals(name))
        .ifPresent(
            other ->
                content.add(
                    element("p", text("So far this browser is known as " + other + "."))
                        .with("class", "warning")));
    content.add(
        element("form", element("button", text("Go on as " + name)).with("class", "main"))
            .with("method", "post")
            .with("action", path));
    return page(200, "Invitation", content, "");
  }

  public static HttpAnswer welcome(String name) {
    return page(
        200,
        "Signed in",
        List.of(
            element("h1", text("This browser is known as " + name)),
            element(
                "p",
                text("You can close this page. Start your program again, or let it sign in now."))),
        "");
  }

  /** Something is wrong, and the person is told here; nobody is sent anywhere. */
  public static HttpAnswer trouble(int status, String title, String what) {
    return page(status, title, List.of(element("h1", text(title)), element("p", text(what))), "");
  }

  /**
   * Something is wrong with what a client asked, and the person decides whether to go back there.
   *
   * @param back an http or https URL, with the error in it
   */
  public static HttpAnswer wayBack(String what, String host, String back) {
    return page(
        400,
        "This cannot work",
        List.of(
            element("h1", text("This cannot work")),
            element("p", text(what)),
            element(
                "p",
                element("a", text("Go back to " + host))
                    .with("href", back)
                    .with("class", "button")
                    .with("rel", "noreferrer"))),
        "");
  }

  private static Html hidden(String name, String value) {
    return element("input").with("type", "hidden").with("name", name).with("value", value);
  }

  private static Html.Element button(String name, String value, String label) {
    return element("button", text(label)).with("name", name).with("value", value);
  }

  private static Html small(String text) {
    return element("p", text(text)).with("class", "small");
  }

  private static HttpAnswer page(int status, String title, List<Html> content, String returnsTo) {
    List<Html> main = new ArrayList<>(content);
    main.add(small(TEAM));
    Html whole =
        element(
                "html",
                element(
                    "head",
                    element("meta").with("charset", "utf-8"),
                    element("meta")
                        .with("name", "viewport")
                        .with("content", "width=device-width, initial-scale=1"),
                    element("title", text(title + " - Sallyport")),
                    new Html.Style(CSS)),
                element("body", element("main", main)))
            .with("lang", "en");
    byte[] body = ("<!DOCTYPE html>\n" + whole.written() + "\n").getBytes(UTF_8);
    return new HttpAnswer(status, fields(returnsTo), body);
  }

  /**
   * Chromium checks a redirect that answers a form against {@code form-action} as well, so where
   * the answer goes has to be in it.
   */
  private static HttpFields fields(String returnsTo) {
    String targets = returnsTo.isEmpty() ? "'self'" : "'self' " + returnsTo;
    return HttpFields.empty()
        .with("Content-Type", "text/html; charset=utf-8")
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src "
                + STYLE_HASH
                + "; form-action "
                + targets
                + "; base-uri 'none'; frame-ancestors 'none'")
        .with("X-Frame-Options", "DENY")
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "same-origin")
        .with("Cache-Control", "no-store");
  }
}
