package dev.sallyport.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer whose head is there and whose body takes its time. */
@Timeout(30)
final class HttpWireFlowTest {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n";
  private static final String BODY = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

  private final CountDownLatch over = new CountDownLatch(1);
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    server.close();
  }

  @Test
  void a_body_that_never_ends_is_waited_for_as_long_as_an_answer_may_take() {
    answering(HEAD + BODY.substring(0, 20));
    assertThatThrownBy(() -> ask(Duration.ofMillis(200)))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("did not answer in time");
  }

  @Test
  void a_body_that_comes_in_two_parts_is_an_answer() throws ClientException {
    answering(HEAD + BODY.substring(0, 20), BODY.substring(20));
    assertThat(ask(Duration.ofSeconds(20)).reply()).isInstanceOf(Message.Result.class);
  }

  private Wire.Answer ask(Duration patience) throws ClientException {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/mcp");
    try (HttpWire wire = new HttpWire(endpoint, Optional.empty(), patience)) {
      return wire.ask(new Message.Request(RpcId.of(1), "ping", JsonObject.EMPTY), Map.of());
    }
  }

  /** Stays connected until the test is over. */
  private void answering(String... parts) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = server.accept()) {
                for (String part : parts) {
                  client.getOutputStream().write(part.getBytes(UTF_8));
                  client.getOutputStream().flush();
                }
                over.await();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
