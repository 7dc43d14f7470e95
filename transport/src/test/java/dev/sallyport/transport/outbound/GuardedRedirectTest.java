package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.Identity;
import dev.sallyport.transport.http.Identity.Validity;
import dev.sallyport.transport.outbound.FetchOutcome.Reason;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each redirect is a URL that somebody else has named, and judged like the first. */
class GuardedRedirectTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir static Path folder;
  private static Identity authority;
  private static Identity one;
  private static Identity two;

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<String> elsewhere = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void makeIdentities() throws Exception {
    authority = Identity.authority(folder, "authority");
    one = authority.issue(folder, "one.example", Validity.ALWAYS);
    two = authority.issue(folder, "two.example", Validity.ALWAYS);
  }

  private static String redirect(int status, String location) {
    return "HTTP/1.1 %d Elsewhere\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n"
        .formatted(status, location);
  }

  private static Guarded guarded(Peer... peers) throws Exception {
    Set<Integer> ports = Arrays.stream(peers).map(Peer::port).collect(Collectors.toSet());
    return new Guarded(authority.files().certificate(), ports, options -> options)
        .named("one.example", "127.0.0.1")
        .named("two.example", "127.0.0.1")
        .named("private.example", "127.0.0.2");
  }

  private static HttpUrl url(String host, Peer peer) {
    return new HttpUrl(true, host, peer.port(), "/a/b");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_on_the_same_site_is_followed_with_all_fields(int status) throws Exception {
    try (Peer peer = Guarded.peer(one, Guarded.script(seen, redirect(status, "../c?d#e"), OK));
        Guarded guarded = guarded(peer)) {
      HttpFields fields = HttpFields.empty().with("Authorization", "Bearer x");

      FetchOutcome outcome =
          guarded.fetch().get(url("one.example", peer), fields, FetchBounds.DEFAULT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              FetchOutcome.Document.class,
              document ->
                  assertThat(document.url())
                      .isEqualTo(new HttpUrl(true, "one.example", peer.port(), "/c?d")));
      assertThat(seen).hasSize(2);
      assertThat(seen.getLast()).startsWith("GET /c?d HTTP/1.1\r\n").contains("Bearer x");
    }
  }

  @Test
  void across_sites_nothing_is_said_but_what_is_wanted_and_on_the_way_back_neither()
      throws Exception {
    Peer[] first = new Peer[1];
    try (Peer second =
            Guarded.peer(
                two,
                line -> {
                  elsewhere.add(line.request());
                  line.send(redirect(307, url("one.example", first[0]) + "/back")).request();
                });
        Peer peer =
            Guarded.peer(
                one,
                Guarded.script(seen, redirect(307, url("two.example", second).toString()), OK));
        Guarded guarded = guarded(peer, second)) {
      first[0] = peer;
      HttpFields fields =
          HttpFields.empty()
              .with("Accept", "application/json")
              .with("Authorization", "Bearer x")
              .with("Cookie", "y")
              .with("X-Api-Key", "z");

      FetchOutcome outcome =
          guarded.fetch().get(url("one.example", peer), fields, FetchBounds.DEFAULT);

      assertThat(outcome).isInstanceOf(FetchOutcome.Document.class);
      assertThat(seen.getFirst()).contains("Bearer x", "y", "z");
      for (String later : List.of(elsewhere.getFirst(), seen.getLast())) {
        assertThat(later).containsIgnoringCase("accept: application/json");
        assertThat(later.toLowerCase(Locale.ROOT))
            .doesNotContain("authorization", "cookie", "x-api-key");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://one.example:PORT/", // no TLS any more
        "//private.example:PORT/",
        "https://127.0.0.2:PORT/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]:PORT/",
        "https://one.example:22/",
        "https://metadata.google.internal/",
        "https://user@one.example:PORT/",
        "https://0x7f.0.0.2:PORT/",
        "https://[fe80::1%25lo]:PORT/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ht tp://x",
        "/\u00fc"
      })
  void a_redirect_to_where_nobody_may_go_is_refused(String location) throws Exception {
    try (Peer peer =
            Guarded.peer(
                one,
                line -> {
                  seen.add(line.request());
                  String port = String.valueOf(line.socket().getLocalPort());
                  line.send(redirect(302, location.replace("PORT", port))).awaitEnd();
                });
        Peer canary =
            Peer.at(InetAddress.ofLiteral("127.0.0.2"), peer.port(), line -> line.send(OK));
        Guarded guarded = guarded(peer)) {
      FetchOutcome.Refused refused = guarded.refused(url("one.example", peer).toString());

      assertThat(refused.reason()).isIn(Reason.REDIRECT, Reason.ADDRESS);
      assertThat(refused.detail()).matches("[ -~]+");
      assertThat(seen).hasSize(1);
      assertThat(canary.accepted()).isZero();
    }
  }

  @Test
  void a_loop_comes_to_an_end() throws Exception {
    try (Peer peer = Guarded.peer(one, Guarded.script(seen, redirect(302, "/again")));
        Guarded guarded = guarded(peer)) {
      String url = url("one.example", peer).toString();

      assertThat(guarded.refused(url).reason()).isEqualTo(Reason.REDIRECT);
      assertThat(seen).hasSize(4);
      assertThat(guarded.refused(url, FetchBounds.DEFAULT.withRedirects(0)).reason())
          .isEqualTo(Reason.REDIRECT);
      assertThat(seen).hasSize(5);
    }
  }

  @Test
  void as_many_redirects_as_are_allowed_are_followed() throws Exception {
    try (Peer peer =
            Guarded.peer(
                one,
                Guarded.script(
                    seen, redirect(301, "/1"), redirect(302, "/2"), redirect(308, "/3"), OK));
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.document(url("one.example", peer).toString()).url().target())
          .isEqualTo("/3");
    }
  }

  @Test
  void a_redirect_to_nowhere_is_refused() throws Exception {
    try (Peer peer =
            Guarded.peer(
                one, Guarded.script(seen, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"));
        Guarded guarded = guarded(peer)) {
      assertThat(guarded.refused(url("one.example", peer).toString()).reason())
          .isEqualTo(Reason.REDIRECT);
    }
  }

  @Test
  void what_is_posted_is_never_redirected() throws Exception {
    try (Peer peer = Guarded.peer(one, Guarded.script(seen, redirect(307, "/elsewhere"), OK));
        Guarded guarded = guarded(peer)) {
      FetchOutcome outcome =
          guarded
              .fetch()
              .post(url("one.example", peer), HttpFields.empty(), new byte[3], FetchBounds.DEFAULT);

      assertThat(outcome)
          .isInstanceOfSatisfying(
              FetchOutcome.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.REDIRECT));
      assertThat(seen).hasSize(1);
    }
  }
}
