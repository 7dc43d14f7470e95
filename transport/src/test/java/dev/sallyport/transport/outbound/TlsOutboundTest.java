package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.Identity;
import dev.sallyport.transport.http.Identity.Validity;
import dev.sallyport.transport.http.PemException;
import dev.sallyport.transport.http.TlsFiles;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the client trusts, who it says it is, and what it says when that does not work out. */
class TlsOutboundTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Peer.Script ANSWERING =
      line -> {
        while (!line.request().isEmpty()) {
          line.send(OK);
        }
      };

  @TempDir static Path folder;
  private static Identity authority;
  private static Identity server;

  @BeforeAll
  static void makeIdentities() throws Exception {
    authority = Identity.authority(folder, "authority");
    server = authority.issue(folder, "localhost", Validity.ALWAYS);
  }

  private static OutboundOptions trusting(Path authorities, Optional<TlsFiles> identity)
      throws PemException {
    try (HttpEngine loading = HttpEngine.begin()) {
      return OutboundOptions.DEFAULT.withTls(
          OutboundTls.load(loading, Optional.of(authorities), identity));
    }
  }

  private static OutboundOptions trusting() throws PemException {
    return trusting(authority.files().certificate(), Optional.empty());
  }

  private static Peer peer(Identity identity) throws Exception {
    return Peer.secure(identity.serving(authority), socket -> {}, ANSWERING);
  }

  private static OutboundFault faultOf(Identity identity, OutboundOptions options)
      throws Exception {
    try (Peer peer = peer(identity);
        Reaching reaching = new Reaching(options)) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();
      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TLS);
      assertThat(fault.mayHaveArrived()).isFalse();
      reaching.awaitConnections(0);
      return fault;
    }
  }

  @Test
  void a_server_whose_issuer_is_trusted_is_spoken_to_and_its_connection_used_again()
      throws Exception {
    try (Peer peer = peer(server);
        Reaching reaching = new Reaching(trusting())) {
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
      assertThat(peer.accepted()).isEqualTo(1);
    }
  }

  @Test
  void an_address_is_a_host_as_well() throws Exception {
    try (Peer peer = peer(server);
        Reaching reaching = new Reaching(trusting())) {
      HttpUrl url = new HttpUrl(true, "127.0.0.1", peer.port(), "/");

      assertThat(reaching.fetch(url).body()).isEqualTo("ok");
    }
  }

  @Test
  void an_issuer_that_nobody_knows_is_not_trusted() throws Exception {
    assertThat(faultOf(server, OutboundOptions.DEFAULT).detail())
        .isEqualTo("the server's certificate was issued by nobody who is trusted");
  }

  @Test
  void issuers_of_a_file_are_trusted_in_place_of_all_others() throws Exception {
    Identity other = Identity.authority(folder, "other");
    Path both = folder.resolve("both.crt");
    Files.writeString(
        both,
        "# ours\n"
            + Files.readString(other.files().certificate())
            + "# theirs\n"
            + Files.readString(authority.files().certificate()));

    assertThat(faultOf(server, trusting(other.files().certificate(), Optional.empty())).detail())
        .isEqualTo("the server's certificate was issued by nobody who is trusted");
    try (Peer peer = peer(server);
        Reaching reaching = new Reaching(trusting(both, Optional.empty()))) {
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
    }
  }

  @Test
  void a_certificate_has_its_time() throws Exception {
    assertThat(faultOf(authority.issue(folder, "localhost", Validity.EXPIRED), trusting()).detail())
        .isEqualTo("the server's certificate has expired");
    assertThat(faultOf(authority.issue(folder, "localhost", Validity.NOT_YET), trusting()).detail())
        .isEqualTo("the server's certificate is not valid yet");
  }

  @Test
  void a_certificate_is_for_a_host_whatever_its_address() throws Exception {
    Identity other = authority.issue(folder, "other.example", Validity.ALWAYS);
    assertThat(faultOf(other, trusting()).detail())
        .isEqualTo("the server's certificate is for another host");

    Resolver.Lookup here = host -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
    try (Peer peer = peer(other);
        Reaching reaching = new Reaching(trusting(), here)) {
      for (String host : new String[] {"other.example", "other.example."}) {
        HttpUrl url = new HttpUrl(true, host, peer.port(), "/");
        assertThat(reaching.fetch(url).body()).isEqualTo("ok");
      }
      HttpUrl wrong = new HttpUrl(true, "another.example", peer.port(), "/");
      assertThat(reaching.fetch(wrong).failure().detail())
          .isEqualTo("the server's certificate is for another host");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void versions_that_are_safe_are_spoken(String version) throws Exception {
    try (Peer peer =
            Peer.secure(
                server.serving(authority),
                socket -> socket.setEnabledProtocols(new String[] {version}),
                ANSWERING);
        Reaching reaching = new Reaching(trusting())) {
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
    }
  }

  @Test
  void what_is_offered_is_only_what_is_safe() throws Exception {
    BlockingQueue<String> hello = new LinkedBlockingQueue<>();
    try (Peer peer =
            Peer.of(
                line -> {
                  byte[] header = line.socket().getInputStream().readNBytes(5);
                  int length = (header[3] & 0xff) << 8 | (header[4] & 0xff);
                  byte[] first = line.socket().getInputStream().readNBytes(length);
                  hello.add(HexFormat.of().formatHex(first));
                  // alert: fatal, protocol_version
                  line.send(new byte[] {0x15, 3, 3, 0, 2, 2, 70}).awaitEnd();
                });
        Reaching reaching = new Reaching(trusting())) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.detail())
          .isEqualTo("the server speaks no version of TLS that is safe: 1.2 or 1.3");
      // supported_versions: 1.3 and 1.2 and nothing else (RFC 8446, 4.2.1)
      assertThat(hello.take()).contains("002b00050403040303");
    }
  }

  @Test
  void a_server_that_speaks_something_else_is_said_to() throws Exception {
    try (Peer peer =
            Peer.of(
                line -> {
                  line.socket().getInputStream().read();
                  line.send("HTTP/1.1 400 Bad Request\r\n\r\n").awaitEnd();
                });
        Reaching reaching = new Reaching(trusting())) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TLS);
      assertThat(fault.detail()).isEqualTo("the server does not speak TLS on that port");
    }
  }

  @Test
  void a_server_that_leaves_in_the_middle_of_the_handshake_is_said_to() throws Exception {
    try (Peer peer = Peer.of(line -> line.socket().getInputStream().readNBytes(100));
        Reaching reaching = new Reaching(trusting())) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.mayHaveArrived()).isFalse();
      assertThat(fault.kind()).isIn(OutboundFault.Kind.TLS, OutboundFault.Kind.BROKEN);
    }
  }

  @Test
  void a_handshake_has_a_time() throws Exception {
    try (Peer peer = Peer.of(line -> line.awaitEnd());
        Reaching reaching = new Reaching(trusting().withConnect(Duration.ofMillis(400)))) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TIMED_OUT);
      assertThat(fault.mayHaveArrived()).isFalse();
    }
  }

  @Test
  void a_client_shows_its_certificate_to_a_server_that_asks() throws Exception {
    Identity client = authority.issue(folder, "client", Validity.ALWAYS);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Peer peer =
            Peer.secure(
                server.serving(authority),
                socket -> socket.setNeedClientAuth(true),
                line -> {
                  line.request();
                  seen.add(((SSLSocket) line.socket()).getSession().getPeerPrincipal().getName());
                  line.send(OK);
                });
        Reaching reaching =
            new Reaching(trusting(authority.files().certificate(), Optional.of(client.files())))) {
      assertThat(reaching.fetch(peer.secureUrl()).body()).isEqualTo("ok");
      assertThat(seen.take()).isEqualTo("CN=client");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, the server refused the TLS handshake; it may want a certificate (handshake_failure)",
    "TLSv1.3, 'the server does not accept our certificate, or wants one (certificate_required)'"
  })
  void a_server_that_wants_a_certificate_that_we_have_not_is_said_to(String version, String said)
      throws Exception {
    try (Peer peer =
            Peer.secure(
                server.serving(authority),
                socket -> {
                  socket.setEnabledProtocols(new String[] {version});
                  socket.setNeedClientAuth(true);
                },
                ANSWERING);
        Reaching reaching = new Reaching(trusting())) {
      OutboundFault fault = reaching.fetch(peer.secureUrl()).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TLS);
      assertThat(fault.detail()).isEqualTo(said);
    }
  }

  @Test
  void what_is_wrong_with_a_file_is_said_in_one_line() throws Exception {
    Path garbage = Files.write(folder.resolve("garbage"), "garbage".getBytes(US_ASCII));
    Path missing = folder.resolve("missing");
    try (HttpEngine engine = HttpEngine.begin()) {
      assertThatThrownBy(() -> OutboundTls.load(engine, Optional.of(garbage), Optional.empty()))
          .isInstanceOf(PemException.class)
          .hasMessage(garbage + " holds no certificate in PEM");
      assertThatThrownBy(() -> OutboundTls.load(engine, Optional.of(missing), Optional.empty()))
          .hasMessage("the certificate file " + missing + " does not exist");
      TlsFiles mixed = new TlsFiles(server.files().certificate(), authority.files().key());
      assertThatThrownBy(() -> OutboundTls.load(engine, Optional.empty(), Optional.of(mixed)))
          .hasMessage(
              "the private key in %s is not the one of the certificate in %s",
              mixed.key(), mixed.certificate());
    }
  }
}
