package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two listeners on the loops of one engine are two. */
final class TwoListenersWireTest {
  /** Says what it is called. */
  private record Named(String name) implements HttpHandler {
    @Override
    public Optional<HttpAnswer> screen(HttpHead head) {
      return Optional.empty();
    }

    @Override
    public void serve(HttpCall call) {
      call.answer(new HttpAnswer(200, HttpFields.empty(), name.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void each_has_a_port_of_its_own_when_both_ask_for_any() throws Exception {
    try (HttpEngine engine = HttpEngine.begin(2);
        HttpListener one =
            HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), new Named("one"));
        HttpListener other =
            HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), new Named("other"));
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(other.address().getPort()).isNotEqualTo(one.address().getPort());
      for (int i = 0; i < 8; i++) {
        assertThat(get(client, one)).isEqualTo("one");
        assertThat(get(client, other)).isEqualTo("other");
      }
    }
  }

  @Test
  void the_second_of_two_is_refused_a_port_that_the_first_has_and_gets_it_afterwards()
      throws Exception {
    try (HttpEngine engine = HttpEngine.begin(1)) {
      int port;
      try (HttpListener any =
          HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), new Named("any"))) {
        port = any.address().getPort();
      }
      ListenOptions same = ListenOptions.at("127.0.0.1", port);
      try (HttpListener _ = HttpListener.open(engine, same, new Named("one"))) {
        assertThatThrownBy(() -> HttpListener.open(engine, same, new Named("other")))
            .isInstanceOf(ListenException.class)
            .hasMessageContaining("already in use");
      }
      try (HttpListener again = HttpListener.open(engine, same, new Named("again"));
          HttpClient client = HttpClient.newHttpClient()) {
        assertThat(get(client, again)).isEqualTo("again");
      }
    }
  }

  private static String get(HttpClient client, HttpListener listener) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + listener.address().getPort() + "/"))
                .version(HttpClient.Version.HTTP_1_1)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
