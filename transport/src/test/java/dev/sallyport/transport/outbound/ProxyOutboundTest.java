package dev.sallyport.transport.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.Identity;
import dev.sallyport.transport.http.Identity.Validity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through a proxy: what it is told, what the server sees, and what goes past it. */
class ProxyOutboundTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final HttpUrl FAR = HttpUrl.of("http://far.example:8080/x").orElseThrow();

  /** Only the proxy knows the names of others. */
  private static final Resolver.Lookup LOCAL =
      host -> {
        if (!host.equals("proxy.example")) {
          throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
      };

  @TempDir static Path folder;
  private static Identity authority;
  private static OutboundOptions trusting;

  @BeforeAll
  static void makeIdentity() throws Exception {
    authority = Identity.authority(folder, "authority");
    try (HttpEngine engine = HttpEngine.begin()) {
      trusting =
          OutboundOptions.DEFAULT.withTls(
              OutboundTls.load(
                  engine, Optional.of(authority.files().certificate()), Optional.empty()));
    }
  }

  private static Reaching through(OutboundProxy.Kind kind, String login, int port) {
    String scheme = kind == OutboundProxy.Kind.CONNECT ? "http" : "socks5";
    return new Reaching(
        trusting.withProxy(
            OutboundProxy.of(
                    scheme + "://" + login + "proxy.example:" + port,
                    DirectHosts.of("near.example"))
                .orElseThrow()),
        LOCAL);
  }

  @ParameterizedTest
  @EnumSource
  void a_proxy_is_told_the_name_and_looks_it_up_itself(OutboundProxy.Kind kind) throws Exception {
    try (Peer peer = Peer.answering(OK);
        LittleProxy proxy = LittleProxy.to(peer, kind);
        Reaching reaching = through(kind, "", proxy.port())) {
      assertThat(reaching.fetch(FAR).body()).isEqualTo("ok");
      assertThat(reaching.fetch(FAR).body()).isEqualTo("ok");

      assertThat(proxy.asked()).hasSize(1);
      assertThat(proxy.asked().getFirst())
          .isEqualToIgnoringCase(
              switch (kind) {
                case CONNECT ->
                    "CONNECT far.example:8080 HTTP/1.1\r\nhost: far.example:8080\r\n\r\n";
                case SOCKS5 -> "name far.example:8080";
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_proxy_leads_to_addresses_as_well(OutboundProxy.Kind kind) throws Exception {
    try (Peer peer = Peer.answering(OK);
        LittleProxy proxy = LittleProxy.to(peer, kind);
        Reaching reaching = through(kind, "", proxy.port())) {
      assertThat(reaching.fetch(new HttpUrl(false, "192.0.2.7", 80, "/")).body()).isEqualTo("ok");
      assertThat(reaching.fetch(new HttpUrl(false, "2001:db8::7", 81, "/")).body()).isEqualTo("ok");

      assertThat(proxy.asked().getFirst()).contains("192.0.2.7:80");
      assertThat(proxy.asked().getLast())
          .contains(
              kind == OutboundProxy.Kind.CONNECT ? "[2001:db8::7]:81" : "2001:db8:0:0:0:0:0:7:81");
    }
  }

  @ParameterizedTest
  @EnumSource
  void through_a_proxy_it_is_still_the_server_that_is_trusted(OutboundProxy.Kind kind)
      throws Exception {
    Identity far = authority.issue(folder, "far.example", Validity.ALWAYS);
    try (Peer peer =
            Peer.secure(
                far.serving(authority),
                socket -> {},
                line -> {
                  while (!line.request().isEmpty()) {
                    line.send(OK);
                  }
                });
        LittleProxy proxy = LittleProxy.to(peer, kind);
        Reaching reaching = through(kind, "", proxy.port())) {
      assertThat(reaching.fetch(new HttpUrl(true, "far.example", 443, "/")).body()).isEqualTo("ok");
      OutboundFault fault = reaching.fetch(new HttpUrl(true, "other.example", 443, "/")).failure();

      assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.TLS);
      assertThat(fault.detail()).isEqualTo("the server's certificate is for another host");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_proxy_may_want_to_know_who_we_are(OutboundProxy.Kind kind) throws Exception {
    try (Peer peer = Peer.answering(OK);
        LittleProxy proxy = LittleProxy.to(peer, kind, "me", "p:w")) {
      try (Reaching reaching = through(kind, "me:p%3aw@", proxy.port())) {
        assertThat(reaching.fetch(FAR).body()).isEqualTo("ok");
      }
      for (String login : new String[] {"", "me:wrong@"}) {
        try (Reaching reaching = through(kind, login, proxy.port())) {
          OutboundFault fault = reaching.fetch(FAR).failure();

          assertThat(fault.kind()).isEqualTo(OutboundFault.Kind.PROXY);
          assertThat(fault.mayHaveArrived()).isFalse();
          assertThat(fault.detail())
              .isEqualTo("the proxy proxy.example:%d wants another login", proxy.port());
        }
      }
    }
  }

  @Test
  void hosts_that_are_excepted_and_this_machine_are_reached_directly() throws Exception {
    try (Peer peer = Peer.answering(OK);
        LittleProxy proxy = LittleProxy.to(peer, OutboundProxy.Kind.CONNECT);
        Reaching reaching = through(OutboundProxy.Kind.CONNECT, "", proxy.port())) {
      assertThat(reaching.fetch(peer.url()).body()).isEqualTo("ok");
      assertThat(reaching.fetch(HttpUrl.of("http://a.near.example/").orElseThrow()).failure())
          .extracting(OutboundFault::kind)
          .isEqualTo(OutboundFault.Kind.UNRESOLVED);

      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void a_proxy_that_is_not_there_is_never_gone_past() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    for (OutboundProxy.Kind kind : OutboundProxy.Kind.values()) {
      try (Reaching reaching = through(kind, "", port)) {
        OutboundFault fault = reaching.fetch(FAR).failure();

        assertThat(fault.kind()).isIn(OutboundFault.Kind.PROXY, OutboundFault.Kind.UNREACHABLE);
        assertThat(fault.mayHaveArrived()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nno!",
        "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n",
        "\0\1\2\3\r\n\r\n",
        "SSH-2.0-x\r\n\r\n",
        ""
      })
  void a_proxy_that_does_not_lead_there_is_said_to(String answer) throws Exception {
    try (Peer proxy =
            Peer.of(
                line -> {
                  line.request();
                  line.send(answer);
                });
        Reaching reaching = through(OutboundProxy.Kind.CONNECT, "me:secret@", proxy.port())) {
      OutboundFault fault = reaching.fetch(FAR).failure();

      assertThat(fault.mayHaveArrived()).isFalse();
      assertThat(fault.detail()).matches("[ -~]+").doesNotContain("secret");
      reaching.awaitConnections(0);
    }
  }

  @Test
  void a_proxy_that_says_nothing_has_its_time() throws Exception {
    for (OutboundProxy.Kind kind : OutboundProxy.Kind.values()) {
      try (Peer proxy = Peer.of(line -> line.awaitEnd());
          Reaching reaching =
              new Reaching(
                  OutboundOptions.DEFAULT
                      .withConnect(Duration.ofMillis(400))
                      .withProxy(
                          new OutboundProxy(
                              kind,
                              "127.0.0.1",
                              proxy.port(),
                              Optional.empty(),
                              DirectHosts.NONE)))) {
        OutboundFault fault = reaching.fetch(FAR).failure();

        assertThat(fault.kind()).isIn(OutboundFault.Kind.TIMED_OUT, OutboundFault.Kind.PROXY);
        assertThat(fault.mayHaveArrived()).isFalse();
      }
    }
  }
}
