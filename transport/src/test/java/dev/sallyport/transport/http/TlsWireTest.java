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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsWireTest {
  private static final Duration SHORT = Duration.ofMillis(500);

  /** Time enough for a first handshake on a busy machine. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(2);

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static Identity rsa;
  private static Identity elliptic;

  @BeforeAll
  static void makeIdentities() throws Exception {
    rsa = Identity.make(folder, "rsa", "RSA");
    elliptic = Identity.make(folder, "elliptic", "EC");
  }

  private static ListenOptions options(Identity identity) {
    return Listening.options().withTls(identity.files());
  }

  @Test
  void both_versions_of_http_are_served_with_either_kind_of_key() throws Exception {
    for (Identity identity : List.of(rsa, elliptic)) {
      AtomicReference<Optional<HttpHead>> seen = new AtomicReference<>(Optional.empty());
      try (Listening listening =
              Listening.with(
                  options(identity),
                  call -> {
                    seen.set(Optional.of(call.head()));
                    Listening.echo(call);
                  });
          HttpClient client = HttpClient.newBuilder().sslContext(identity.trusting()).build()) {
        URI uri = URI.create("https://localhost:" + listening.address().getPort() + "/mcp?a=b");
        for (HttpClient.Version version : HttpClient.Version.values()) {
          if (!version.name().startsWith("HTTP_1") && !version.name().equals("HTTP_2")) {
            continue;
          }
          for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = post(client, uri, version, "{\"n\":" + i + "}");
            assertThat(response.body()).isEqualTo("{\"n\":" + i + "}");
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.headers().firstValue("date")).isPresent();
          }
          HttpHead head = seen.get().orElseThrow();
          assertThat(head.tls()).isTrue();
          assertThat(head.path()).isEqualTo("/mcp");
          assertThat(head.query()).contains("a=b");
          assertThat(head.fields().all("Host"))
              .containsExactly("localhost:" + listening.address().getPort());
        }
      }
    }
  }

  private static HttpResponse<String> post(
      HttpClient client, URI uri, HttpClient.Version version, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri)
            .version(version)
            .timeout(LONG)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_large_answer_arrives_whole_over_both_versions() throws Exception {
    // More than windows, buffers and the queue of the engine hold.
    String large = "0123456789".repeat(150_000);
    try (Listening listening =
            Listening.with(
                options(elliptic),
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  events.send(EventStream.Event.of(large.getBytes(UTF_8)));
                  events.end();
                });
        HttpClient client = HttpClient.newBuilder().sslContext(elliptic.trusting()).build()) {
      URI uri = URI.create("https://localhost:" + listening.address().getPort() + "/");
      for (HttpClient.Version version :
          List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
        assertThat(post(client, uri, version, "x").body()).isEqualTo("data: " + large + "\n\n");
      }
    }
  }

  @Test
  void a_malformed_or_slow_request_over_tls_is_refused_and_the_connection_closed()
      throws Exception {
    ListenOptions options = options(elliptic).withDeadlines(HANDSHAKE, LONG, LONG, LONG);
    try (Listening listening = Listening.with(options, Listening::echo)) {
      try (RawClient client = tls(listening)) {
        assertThat(client.send("GET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n").reply().status())
            .isEqualTo(400);
        assertThat(client.isClosed()).isTrue();
      }
      try (RawClient client = tls(listening)) {
        assertThat(client.send("GET / HT").reply().status()).isEqualTo(408);
        assertThat(client.isClosed()).isTrue();
      }
    }
  }

  private static RawClient tls(Listening listening) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            elliptic
                .trusting()
                .getSocketFactory()
                .createSocket(listening.address().getAddress(), listening.address().getPort());
    socket.startHandshake();
    return RawClient.over(socket);
  }

  @Test
  void whoever_speaks_no_tls_or_never_finishes_the_handshake_is_dropped() throws Exception {
    ListenOptions options = options(elliptic).withDeadlines(HANDSHAKE, LONG, LONG, LONG);
    try (Listening listening = Listening.with(options, Listening::echo)) {
      try (RawClient client = listening.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.rest()).doesNotContain("HTTP/1.1");
      }
      try (RawClient client = listening.client()) {
        client.send("\u0016\u0003");
        assertThat(client.isClosed()).isTrue();
      }
      try (RawClient client = tls(listening)) {
        assertThat(client.request("POST", "/", "fine").reply().body()).isEqualTo("fine");
      }
      assertThat(listening.served()).isEqualTo(1);
    }
  }

  @Test
  void a_peer_that_reads_nothing_is_given_up_over_tls_too() throws Exception {
    ListenOptions options = options(elliptic).withDeadlines(LONG, LONG, LONG, SHORT);
    try (Listening listening =
            Listening.with(
                options,
                call -> {
                  EventStream events = call.stream(HttpFields.empty());
                  while (events.send(EventStream.Event.of(new byte[60_000]))) {
                    Thread.onSpinWait();
                  }
                });
        RawClient client = tls(listening)) {
      client.request("POST", "/", "x").head();
      listening.listener().drain(LONG, () -> {});
    }
  }

  @Test
  void what_is_wrong_with_certificate_or_key_is_said_in_one_line() throws Exception {
    Path certificate = rsa.files().certificate();
    Path key = rsa.files().key();
    Path nothing = folder.resolve("nothing.pem");
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
    Path encrypted =
        Files.writeString(
            folder.resolve("encrypted.pem"),
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    Path malformed =
        Files.writeString(
            folder.resolve("malformed.pem"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    refuses(nothing, key, "the certificate file " + nothing + " does not exist");
    refuses(certificate, nothing, "the private key file " + nothing + " does not exist");
    refuses(garbage, key, garbage + " holds no certificate in PEM");
    refuses(key, key, key + " holds no certificate in PEM");
    refuses(certificate, garbage, garbage + " holds no private key in PEM");
    refuses(certificate, certificate, certificate + " holds no private key in PEM");
    refuses(certificate, malformed, "the private key in " + malformed + " is malformed");
    refuses(
        certificate,
        encrypted,
        "the private key in " + encrypted + " is encrypted; give one that is not");
    Identity other = Identity.make(folder, "other", "RSA");
    for (Identity mismatched : List.of(other, elliptic)) {
      refuses(
          certificate,
          mismatched.files().key(),
          "the private key in %s is not the one of the certificate in %s"
              .formatted(mismatched.files().key(), certificate));
    }
  }

  private static void refuses(Path certificate, Path key, String why) {
    ListenOptions options = Listening.options().withTls(new TlsFiles(certificate, key));
    assertThatExceptionOfType(ListenException.class)
        .isThrownBy(() -> Listening.with(options, call -> {}))
        .withMessage(why)
        .returns(ListenException.Fault.CERTIFICATE, ListenException::fault);
  }
}
