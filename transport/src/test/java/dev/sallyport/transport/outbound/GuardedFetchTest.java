package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.Identity;
import dev.sallyport.transport.http.Identity.Validity;
import dev.sallyport.transport.outbound.FetchOutcome.Reason;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a guarded fetch goes, and where nobody can make it go (OC-20, T61 to T63). */
class GuardedFetchTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir static Path folder;
  private static Identity authority;
  private static Identity server;

  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void makeIdentities() throws Exception {
    authority = Identity.authority(folder, "authority");
    server = authority.issue(folder, "a.example", Validity.ALWAYS);
  }

  private static Path trusted() {
    return authority.files().certificate();
  }

  private Peer peer(String... answers) throws Exception {
    return Guarded.peer(server, Guarded.script(seen, answers));
  }

  /** Where nobody may come. */
  private static Peer canary(int port) {
    return Peer.at(InetAddress.ofLiteral("127.0.0.2"), port, line -> line.send(OK));
  }

  private static String redirect(String location) {
    return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n";
  }

  @Test
  void a_document_that_is_everybodys_is_fetched() throws Exception {
    try (Peer peer = peer("HTTP/1.1 404 Not Found\r\nX: y\r\nContent-Length: 2\r\n\r\nno", OK);
        Guarded guarded = new Guarded(trusted(), peer.port()).named("a.example", "127.0.0.1")) {
      String url = "https://a.example:" + peer.port() + "/x?y";

      FetchOutcome.Document missing = guarded.document(url);
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.fields().first("X")).contains("y");
      assertThat(new String(missing.body(), US_ASCII)).isEqualTo("no");
      assertThat(missing.url()).hasToString(url);
      assertThat(guarded.document(url).status()).isEqualTo(200);
      assertThat(seen.getFirst()).startsWith("GET /x?y HTTP/1.1\r\n");
    }
  }

  @Test
  void something_is_posted_to_what_is_everybodys() throws Exception {
    try (Peer peer = peer(OK);
        Guarded guarded = new Guarded(trusted(), peer.port()).named("a.example", "127.0.0.1")) {
      HttpUrl url = HttpUrl.of("https://a.example:" + peer.port() + "/").orElseThrow();
      HttpFields fields = HttpFields.empty().with("Authorization", "Basic x");

      FetchOutcome outcome =
          guarded.fetch().post(url, fields, "a=b".getBytes(US_ASCII), FetchBounds.DEFAULT);

      assertThat(outcome).isInstanceOf(FetchOutcome.Document.class);
      assertThat(seen.getFirst()).contains("Basic x").endsWith("a=b");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example:PORT/, URL", // no TLS
    "https://a.example/, URL", // another port
    "https://a.example:22/, URL",
    "https://169.254.169.254:PORT/latest, URL",
    "https://10.9.8.7:PORT/, URL",
    "https://127.0.0.2:PORT/, URL",
    "https://[::1]:PORT/, URL",
    "https://[fd00:ec2::254]:PORT/, URL",
    "https://[::ffff:169.254.169.254]:PORT/, URL",
    "https://[64:ff9b::a9fe:a9fe]:PORT/, URL",
    "https://[2002:7f00:2::]:PORT/, URL",
    "https://[::127.0.0.2]:PORT/, URL",
    "https://metadata.google.internal:PORT/, URL",
    "https://metadata.google.internal.:PORT/, URL",
    "https://localhost:PORT/, ADDRESS",
    "https://localhost.:PORT/, ADDRESS",
    "https://private.example:PORT/, ADDRESS",
    "https://half.example:PORT/, ADDRESS",
    "https://mapped.example:PORT/, ADDRESS",
    "https://nothing.example:PORT/, UNREACHED",
    "https://unknown.example:PORT/, UNREACHED"
  })
  void what_is_not_everybodys_is_refused_and_nothing_is_dialled(String url, Reason reason)
      throws Exception {
    try (Peer peer = peer(OK);
        Peer canary = canary(peer.port());
        Guarded guarded = new Guarded(trusted(), peer.port())) {
      guarded
          .named("a.example", "127.0.0.1")
          .named("localhost", "127.0.0.2")
          .named("localhost.", "127.0.0.2")
          .named("private.example", "127.0.0.2")
          .named("half.example", "127.0.0.1", "127.0.0.2")
          .named("mapped.example", "64:ff9b::7f00:2")
          .named("nothing.example");

      FetchOutcome.Refused refused =
          guarded.refused(url.replace("PORT", String.valueOf(peer.port())));

      assertThat(refused.reason()).isEqualTo(reason);
      assertThat(refused.detail()).matches("[ -~]+");
      assertThat(FetchOutcome.Refused.PUBLIC_TEXT).isEqualTo("the document could not be fetched");
      assertThat(peer.accepted()).isZero();
      assertThat(canary.accepted()).isZero();
    }
  }

  /** What other programs would take for 127.0.0.1, or for somebody else (T62). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://2130706433/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://127.0.0.1%00.example/",
        "https://[::1%25lo]/",
        "https://[::1%lo]/",
        "https://[0:0:0:0:0:ffff:7f.0.0.1]/",
        "https://user@127.0.0.1/",
        "https://a.example:443@127.0.0.1/",
        "https://a.example#@127.0.0.1/",
        "https://a.example\\@127.0.0.1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://127\u30020\u30020\u30021/",
        "https:127.0.0.1/",
        "https:/127.0.0.1/",
        "gopher://127.0.0.1/",
        "file:///etc/passwd"
      })
  void a_spelling_that_could_be_read_in_two_ways_is_no_url(String text) {
    assertThat(HttpUrl.of(text)).isEmpty();
    assertThat(HttpUrl.of("https://a.example/").orElseThrow().resolve(text))
        .satisfiesAnyOf(
            none -> assertThat(none).isEmpty(),
            here -> assertThat(here.orElseThrow().host()).isEqualTo("a.example"));
  }

  @Test
  void the_address_that_was_judged_is_the_one_that_is_dialled() throws Exception {
    try (Peer peer = peer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        Peer canary = canary(peer.port());
        Guarded guarded = new Guarded(trusted(), peer.port())) {
      String url = "https://a.example:" + peer.port() + "/";
      guarded.named("a.example", "127.0.0.1");
      guarded.document(url);
      guarded.named("a.example", "127.0.0.2"); // from now on

      // Known a moment ago: what is dialled is what was judged then.
      guarded.document(url);
      assertThat(guarded.asked()).containsExactly("a.example");
      guarded.putForward(Duration.ofSeconds(11));
      assertThat(guarded.refused(url).reason()).isEqualTo(Reason.ADDRESS);

      assertThat(guarded.asked()).containsExactly("a.example", "a.example");
      assertThat(peer.accepted()).isEqualTo(2);
      assertThat(canary.accepted()).isZero();
    }
  }

  @Test
  void a_name_that_was_bad_can_become_good_and_is_judged_anew() throws Exception {
    try (Peer peer = peer(OK);
        Peer canary = canary(peer.port());
        Guarded guarded = new Guarded(trusted(), peer.port())) {
      String url = "https://a.example:" + peer.port() + "/";
      guarded.named("a.example", "127.0.0.2");
      assertThat(guarded.refused(url).reason()).isEqualTo(Reason.ADDRESS);
      guarded.named("a.example", "127.0.0.1");
      guarded.putForward(Duration.ofSeconds(11));

      guarded.document(url);
      assertThat(canary.accepted()).isZero();
    }
  }

  @Test
  void a_connection_that_is_kept_opens_no_way_to_an_address_that_has_become_bad() throws Exception {
    try (Peer peer =
            peer("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\nok");
        Guarded guarded = new Guarded(trusted(), peer.port())) {
      String url = "https://a.example:" + peer.port() + "/";
      guarded.named("a.example", "127.0.0.1");
      guarded.document(url);
      guarded.named("a.example", "127.0.0.2");
      guarded.putForward(Duration.ofSeconds(11));

      assertThat(guarded.refused(url).reason()).isEqualTo(Reason.ADDRESS);
    }
  }

  @Test
  void whom_nobody_vouches_for_is_refused() throws Exception {
    Identity other = Identity.authority(folder, "other");
    try (Peer peer = peer(OK);
        Guarded guarded =
            new Guarded(other.files().certificate(), peer.port()).named("a.example", "127.0.0.1")) {
      assertThat(guarded.refused("https://a.example:" + peer.port() + "/").reason())
          .isEqualTo(Reason.UNREACHED);
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void no_proxy_is_used_unless_it_is_said_to_guard() throws Exception {
    try (Peer peer = peer(OK);
        LittleProxy proxy = LittleProxy.to(peer, OutboundProxy.Kind.CONNECT);
        Guarded guarded =
            new Guarded(
                trusted(),
                Set.of(443),
                options ->
                    options.withGuard(
                        new OutboundProxy(
                            OutboundProxy.Kind.CONNECT,
                            "127.0.0.1",
                            proxy.port(),
                            java.util.Optional.empty(),
                            DirectHosts.of("private.example"))))) {
      guarded.named("private.example", "127.0.0.2");

      // The guard looks names up; what can be judged without that still is.
      guarded.document("https://a.example/");
      assertThat(guarded.refused("https://10.0.0.1/").reason()).isEqualTo(Reason.URL);
      assertThat(guarded.refused("http://a.example/").reason()).isEqualTo(Reason.URL);
      assertThat(guarded.refused("https://private.example/").reason()).isEqualTo(Reason.ADDRESS);
      assertThat(proxy.asked()).hasSize(1);
      assertThat(guarded.asked()).containsExactly("private.example");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:PORT/", "http://localhost:PORT/"})
  void this_machine_is_reached_when_that_is_asked_for(String url) throws Exception {
    try (Peer peer = Peer.answering(OK)) {
      String here = url.replace("PORT", String.valueOf(peer.port()));
      try (Guarded guarded =
          new Guarded(
              trusted(),
              Set.of(443),
              options -> options.withAddresses(AddressRule.PUBLIC.withLoopback()))) {
        guarded.named("localhost", "127.0.0.1").named("a.example", "127.0.0.1");

        assertThat(guarded.document(here).status()).isEqualTo(200);
        // Not under a name of somebody else, and not when the name leads elsewhere.
        assertThat(guarded.refused("https://a.example/").reason()).isEqualTo(Reason.ADDRESS);
        guarded.named("localhost", "127.0.0.1", "10.0.0.1");
        guarded.putForward(Duration.ofSeconds(11));
        assertThat(guarded.refused("http://localhost:" + peer.port() + "/").reason())
            .isEqualTo(Reason.ADDRESS);
      }
      try (Guarded guarded =
          new Guarded(
              trusted(),
              Set.of(443, peer.port()),
              options -> options.withAddresses(AddressRule.PUBLIC))) {
        guarded.named("localhost", "127.0.0.1");

        assertThat(guarded.refused(here).reason()).isEqualTo(Reason.URL);
        assertThat(guarded.refused(here.replace("http:", "https:")).reason())
            .isIn(Reason.URL, Reason.ADDRESS);
      }
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void nobody_elsewhere_can_send_it_to_this_machine() throws Exception {
    try (Peer here = Peer.answering(OK);
        Peer peer = peer(redirect("http://127.0.0.2:" + here.port() + "/"));
        Guarded guarded =
            new Guarded(
                trusted(),
                Set.of(peer.port()),
                options ->
                    options.withAddresses(
                        AddressRule.PUBLIC.allowing("127.0.0.1").withLoopback()))) {
      guarded.named("a.example", "127.0.0.1");

      assertThat(guarded.refused("https://a.example:" + peer.port() + "/").reason())
          .isEqualTo(Reason.REDIRECT);
      assertThat(here.accepted()).isZero();
    }
  }

  @Test
  void this_machine_may_redirect_to_itself() throws Exception {
    try (Peer there = Peer.answering(OK);
        Peer here = Peer.answering(redirect("http://127.0.0.1:" + there.port() + "/"));
        Guarded guarded =
            new Guarded(
                trusted(),
                Set.of(443),
                options -> options.withAddresses(AddressRule.PUBLIC.withLoopback()))) {
      assertThat(guarded.document("http://127.0.0.1:" + here.port() + "/").status()).isEqualTo(200);
    }
  }
}
