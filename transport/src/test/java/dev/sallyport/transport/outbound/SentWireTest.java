package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.transport.http.HttpFields;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server is told, to the byte: nothing that the fields did not say. */
class SentWireTest {
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  private Peer peer(String answer) {
    return at("127.0.0.1", answer);
  }

  private Peer at(String address, String answer) {
    return Peer.at(
        InetAddress.ofLiteral(address),
        line -> {
          for (String next = line.request(); !next.isEmpty(); next = line.request()) {
            requests.add(next);
            line.send(answer);
          }
        });
  }

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @Test
  void a_get_says_its_target_its_host_and_its_fields() throws Exception {
    try (Peer peer = peer(OK);
        Reaching reaching = new Reaching()) {
      HttpFields fields =
          HttpFields.empty().with("Accept", "text/event-stream").with("X", "1").with("X", "2");
      try (OutboundCall call =
          reaching.start(OutboundRequest.get(peer.url("/a%20b;c?d=e&f"), fields))) {
        Taken.of(call);
      }

      assertThat(requests.take())
          .isEqualToIgnoringCase(
              "GET /a%%20b;c?d=e&f HTTP/1.1\r\nAccept: text/event-stream\r\nX: 1\r\nX: 2\r\nHost: 127.0.0.1:%d\r\n\r\n"
                  .formatted(peer.port()));
    }
  }

  @Test
  void a_post_says_its_length_and_its_body() throws Exception {
    try (Peer peer = peer(OK);
        Reaching reaching = new Reaching()) {
      for (String body : List.of("{\"a\":\"\u00fc\"}", "")) {
        byte[] bytes = body.getBytes(UTF_8);
        try (OutboundCall call =
            reaching.start(OutboundRequest.post(peer.url("/"), HttpFields.empty(), bytes))) {
          Taken.of(call);
        }

        assertThat(requests.take())
            .isEqualToIgnoringCase(
                "POST / HTTP/1.1\r\nContent-Length: %d\r\nHost: 127.0.0.1:%d\r\n\r\n%s"
                    .formatted(
                        bytes.length,
                        peer.port(),
                        new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)));
      }
    }
  }

  @Test
  void a_delete_has_no_body() throws Exception {
    try (Peer peer = peer(OK);
        Reaching reaching = new Reaching()) {
      try (OutboundCall call =
          reaching.start(OutboundRequest.delete(peer.url("/"), HttpFields.empty()))) {
        Taken.of(call);
      }

      assertThat(requests.take())
          .isEqualToIgnoringCase(
              "DELETE / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(peer.port()));
    }
  }

  @Test
  void an_ipv6_address_is_named_with_brackets() throws Exception {
    try (Peer peer = at("::1", OK);
        Reaching reaching = new Reaching()) {
      reaching.fetch(HttpUrl.of("http://[::1]:%d/".formatted(peer.port())).orElseThrow());

      assertThat(requests.take()).containsIgnoringCase("host: [::1]:" + peer.port());
    }
  }

  @Test
  void the_host_is_the_one_of_the_url_and_not_its_address() throws Exception {
    try (Peer peer = peer(OK);
        Reaching reaching =
            new Reaching(
                OutboundOptions.DEFAULT,
                host -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")})) {
      reaching.fetch(
          HttpUrl.of("http://My_Server.internal:%d/".formatted(peer.port())).orElseThrow());

      assertThat(requests.take()).containsIgnoringCase("host: my_server.internal:" + peer.port());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_is_an_answer_like_any_other(int status) throws Exception {
    try (Peer elsewhere = peer(OK);
        Peer peer =
            peer(
                "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, elsewhere.url()));
        Reaching reaching = new Reaching()) {
      Taken taken = reaching.fetch(peer.url());

      assertThat(taken.status()).isEqualTo(status);
      assertThat(taken.fields().first("Location")).contains(elsewhere.url().toString());
      assertThat(elsewhere.accepted()).isZero();
    }
  }

  @Test
  void nothing_of_an_answer_is_kept_for_the_next_request() throws Exception {
    try (Peer peer =
            peer(
                String.join(
                    "\r\n",
                    "HTTP/1.1 401 Who",
                    "Set-Cookie: a=b; Path=/",
                    "Alt-Svc: h2=\":1\"",
                    "WWW-Authenticate: Basic",
                    "ETag: \"x\"",
                    "Content-Length: 0",
                    "\r\n"));
        Reaching reaching = new Reaching()) {
      reaching.fetch(peer.url());
      String first = requests.take();
      reaching.fetch(peer.url());

      assertThat(requests.take()).isEqualTo(first);
      assertThat(requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "content-length", "Transfer-Encoding", "Connection", "Upgrade", "TE"})
  void fields_cannot_say_what_is_for_the_transport_to_say(String name) {
    HttpUrl url = HttpUrl.of("http://a.example/").orElseThrow();
    HttpFields fields = HttpFields.empty().with(name, "1");

    assertThatThrownBy(() -> OutboundRequest.get(url, fields))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("transport");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "CONNECT", "get", "GET / HTTP/1.1\r\nX: y\r\n\r\nGET", ""})
  void there_are_three_methods(String method) {
    HttpUrl url = HttpUrl.of("http://a.example/").orElseThrow();

    assertThatThrownBy(() -> new OutboundRequest(method, url, HttpFields.empty(), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_request_is_told_without_what_is_secret() {
    HttpUrl url = HttpUrl.of("http://a.example/").orElseThrow();
    HttpFields fields = HttpFields.empty().with("Authorization", "Bearer secret");

    assertThat(OutboundRequest.post(url, fields, "secret".getBytes(UTF_8)).toString())
        .isEqualTo("POST http://a.example/ [Authorization]");
  }
}
