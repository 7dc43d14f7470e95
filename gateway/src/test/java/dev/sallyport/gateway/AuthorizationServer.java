package dev.sallyport.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An identity provider on loopback, with a switch for every lie: what it says of itself, which keys
 * it has, how it answers and how long it takes. It counts who came. Thread-safe.
 */
final class AuthorizationServer implements AutoCloseable {
  private static final String PATH = "/realms/team";

  private final HttpServer server;
  private final AtomicReference<String> issuer = new AtomicReference<>("");
  private final AtomicReference<String> keysAt = new AtomicReference<>("");
  private final AtomicReference<byte[]> keys = new AtomicReference<>(new byte[0]);
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger keyHits = new AtomicInteger();
  private final AtomicInteger hits = new AtomicInteger();

  private AuthorizationServer(HttpServer server) {
    this.server = server;
  }

  static AuthorizationServer open(TestKey... keys) throws IOException {
    AuthorizationServer opened =
        new AuthorizationServer(
            HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50));
    opened.says(opened.url());
    opened.keysAre(opened.url() + "/keys");
    opened.has(keys);
    opened.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    opened.server.createContext("/", opened::serve);
    opened.server.start();
    return opened;
  }

  private void serve(HttpExchange exchange) throws IOException {
    hits.incrementAndGet();
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals(PATH + "/keys")) {
        keyHits.incrementAndGet();
        gate.get().await();
        answer(exchange, status.get(), keys.get());
      } else if (path.equals("/.well-known/oauth-authorization-server" + PATH)) {
        answer(exchange, status.get(), metadata());
      } else {
        answer(exchange, 404, new byte[0]);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private byte[] metadata() {
    return JsonObject.of("issuer", Json.of(issuer.get()), "jwks_uri", Json.of(keysAt.get()))
        .toJson()
        .toBytes();
  }

  /** Where it really is. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /** Whom its metadata are of. */
  void says(String other) {
    issuer.set(other);
  }

  void keysAre(String at) {
    keysAt.set(at);
  }

  void has(TestKey... now) {
    keys.set(TestKey.set(now).toBytes());
  }

  void publishes(byte[] document) {
    keys.set(document);
  }

  /** Every answer has this status from now on. */
  void answers(int other) {
    status.set(other);
  }

  /** Whoever asks for the keys waits until it is told to go on. */
  CountDownLatch holdsBack() {
    CountDownLatch held = new CountDownLatch(1);
    gate.set(held);
    return held;
  }

  int keyHits() {
    return keyHits.get();
  }

  int hits() {
    return hits.get();
  }

  @Override
  public void close() {
    gate.get().countDown();
    server.stop(0);
  }
}
