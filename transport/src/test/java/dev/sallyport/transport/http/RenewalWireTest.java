package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener whose certificate is another one while it serves. */
class RenewalWireTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static Identity first;
  private static Identity second;
  private static Identity rsa;

  private TlsFiles served = new TlsFiles(Path.of(""), Path.of(""));

  @BeforeAll
  static void makeIdentities() throws Exception {
    first = Identity.make(folder, "first", "EC");
    second = Identity.make(folder, "second", "EC");
    rsa = Identity.make(folder, "rsa", "RSA");
  }

  @BeforeEach
  void serveTheFirst(@TempDir Path own) throws Exception {
    served = new TlsFiles(own.resolve("tls.crt"), own.resolve("tls.key"));
    place(first.files().certificate(), served.certificate());
    place(first.files().key(), served.key());
  }

  /** As tools do that renew: the new file takes the name of the old. */
  private static void place(Path from, Path to) throws Exception {
    Path beside = Files.copy(from, to.resolveSibling("new"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void place(Identity identity) throws Exception {
    place(identity.files().certificate(), served.certificate());
    place(identity.files().key(), served.key());
  }

  private ListenOptions options() {
    return Listening.options().withTls(served);
  }

  @Test
  void connections_from_now_on_get_the_new_one_over_both_versions_of_http() throws Exception {
    try (Listening listening =
        Listening.with(options(), head -> Optional.empty(), Listening::echo, 2)) {
      assertThat(shown(listening, first)).isEqualTo(first.certificate());
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      for (int i = 0; i < 4; i++) { // each loop has its turn
        assertThat(shown(listening, second)).isEqualTo(second.certificate());
      }
      answersOverBothVersions(listening, second);
      place(rsa);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, rsa)).isEqualTo(rsa.certificate());
      answersOverBothVersions(listening, rsa);
    }
  }

  @Test
  void a_session_of_before_is_not_resumed_with_the_old_one() throws Exception {
    try (Listening listening = Listening.with(options(), Listening::echo)) {
      // One context remembers its sessions, so each of the first two may resume the one before.
      SSLContext context = Identity.trustingAll(first, second);
      assertThat(shown(listening, context)).isEqualTo(first.certificate());
      assertThat(shown(listening, context)).isEqualTo(first.certificate());
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, context)).isEqualTo(second.certificate());
    }
  }

  @Test
  void connections_and_streams_of_before_go_on() throws Exception {
    BlockingQueue<String> say = new LinkedBlockingQueue<>(10);
    try (Listening listening =
            Listening.with(
                options(),
                call -> {
                  if (call.head().path().equals("/echo")) {
                    Listening.echo(call);
                    return;
                  }
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(EventStream.Event.of("before".getBytes(UTF_8)));
                  events.send(EventStream.Event.of(next(say).getBytes(UTF_8)));
                  events.end();
                });
        RawClient kept = tls(listening, first);
        RawClient streaming = tls(listening, first)) {
      assertThat(kept.request("POST", "/echo", "one").reply().body()).isEqualTo("one");
      streaming.request("POST", "/stream", "x").head();
      assertThat(streaming.chunk()).isEqualTo("data: before\n\n");
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, second)).isEqualTo(second.certificate());
      assertThat(kept.request("POST", "/echo", "two").reply().body()).isEqualTo("two");
      say.add("after");
      assertThat(streaming.chunk()).isEqualTo("data: after\n\n");
    }
  }

  private static String next(BlockingQueue<String> say) {
    try {
      return Optional.ofNullable(say.poll(LONG.toSeconds(), TimeUnit.SECONDS)).orElse("nothing");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Test
  void what_cannot_be_used_changes_nothing_and_says_why() throws Exception {
    Identity authority = Identity.authority(folder, "authority");
    Identity expired = authority.issue(folder, "localhost", Identity.Validity.EXPIRED);
    try (Listening listening = Listening.with(options(), Listening::echo)) {
      place(second.files().certificate(), served.certificate());
      keepsTheFirst(listening, "the private key in " + served.key() + " is not the one of");
      place(expired);
      keepsTheFirst(listening, "the certificate in " + served.certificate() + " has expired, 2021");
      Files.writeString(served.certificate(), "garbage");
      keepsTheFirst(listening, "holds no certificate in PEM");
      Files.delete(served.certificate());
      keepsTheFirst(listening, "does not exist");
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, second)).isEqualTo(second.certificate());
    }
  }

  private static void keepsTheFirst(Listening listening, String why) throws Exception {
    assertThat(listening.listener().renew())
        .isInstanceOfSatisfying(
            CertificateRenewal.Refused.class,
            refused ->
                assertThat(refused.why())
                    .contains(why)
                    .endsWith("; the certificate that was in use stays"));
    assertThat(shown(listening, first)).isEqualTo(first.certificate());
    answersOverBothVersions(listening, first);
  }

  @Test
  void one_that_is_not_valid_yet_is_not_shown_neither_at_the_start_nor_later() throws Exception {
    Identity authority = Identity.authority(folder, "authority-of-early");
    Identity early = authority.issue(folder, "localhost", Identity.Validity.NOT_YET);
    String why =
        "the certificate in "
            + served.certificate()
            + " is not valid before 2048-01-01T00:00:00Z, and it is ";
    String hint = " by the clock of this machine: set the clock right, or take one that is valid";
    try (Listening listening = Listening.with(options(), Listening::echo)) {
      place(early);
      for (int looks = 0; looks < 2; looks++) {
        assertThat(listening.listener().renew())
            .isInstanceOfSatisfying(
                CertificateRenewal.Postponed.class,
                postponed ->
                    assertThat(postponed.why())
                        .startsWith(why)
                        .endsWith(hint + "; the certificate that was in use stays"));
        assertThat(shown(listening, first)).isEqualTo(first.certificate());
      }
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, second)).isEqualTo(second.certificate());
    }
    place(early);
    assertThatExceptionOfType(ListenException.class)
        .isThrownBy(() -> Listening.with(options(), Listening::echo))
        .withMessageStartingWith(why)
        .withMessageEndingWith(hint)
        .returns(ListenException.Fault.CERTIFICATE, ListenException::fault);
  }

  @Test
  void one_that_has_expired_is_shown_at_the_start_for_want_of_another() throws Exception {
    Identity authority = Identity.authority(folder, "authority-of-expired");
    place(authority.issue(folder, "localhost", Identity.Validity.EXPIRED));
    try (Listening listening = Listening.with(options(), Listening::echo)) {
      ListenerCertificate shown = listening.listener().certificate().orElseThrow();
      assertThat(shown.isExpired(Instant.now())).isTrue();
      assertThat(listening.listener().renew()).isEqualTo(new CertificateRenewal.Same());
      place(second);
      assertThat(listening.listener().renew()).isInstanceOf(CertificateRenewal.Renewed.class);
      assertThat(shown(listening, second)).isEqualTo(second.certificate());
    }
  }

  @Test
  void the_same_again_is_no_change_and_without_tls_there_is_none() throws Exception {
    try (Listening listening = Listening.with(options(), Listening::echo)) {
      place(first);
      assertThat(listening.listener().renew()).isEqualTo(new CertificateRenewal.Same());
      ListenerCertificate shown = listening.listener().certificate().orElseThrow();
      assertThat(shown.file()).isEqualTo(served.certificate());
      assertThat(shown.isExpired(Instant.now())).isFalse();
      assertThat(shown.isExpired(shown.until().plusSeconds(1))).isTrue();
      assertThat(shown.isEarly(Instant.now())).isFalse();
      assertThat(shown.isEarly(shown.from().minusSeconds(1))).isTrue();
    }
    try (Listening listening = Listening.to(Listening::echo)) {
      assertThat(listening.listener().renew()).isEqualTo(new CertificateRenewal.Same());
      assertThat(listening.listener().certificate()).isEmpty();
    }
  }

  private static void answersOverBothVersions(Listening listening, Identity identity)
      throws Exception {
    URI uri = URI.create("https://localhost:" + listening.address().getPort() + "/echo");
    try (HttpClient client = HttpClient.newBuilder().sslContext(identity.trusting()).build()) {
      for (HttpClient.Version version :
          List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(uri)
                    .version(version)
                    .timeout(LONG)
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body()).isEqualTo("x");
      }
    }
  }

  private static Certificate shown(Listening listening, Identity trusted) throws Exception {
    return shown(listening, trusted.trusting());
  }

  private static Certificate shown(Listening listening, SSLContext context) throws Exception {
    try (SSLSocket socket = socket(listening, context)) {
      // Its end of the handshake is over before the other's, which is where a resumption begins.
      RawClient client = RawClient.over(socket);
      assertThat(client.request("POST", "/echo", "x").reply().body()).isEqualTo("x");
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static RawClient tls(Listening listening, Identity trusted) throws Exception {
    return RawClient.over(socket(listening, trusted.trusting()));
  }

  private static SSLSocket socket(Listening listening, SSLContext context) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(listening.address().getAddress(), listening.address().getPort());
    socket.startHandshake();
    return socket;
  }
}
