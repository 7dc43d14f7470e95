import com.sun.net.httpserver.HttpServer;
import dev.sallyport.access.Secret;
import dev.sallyport.access.Standing;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TokenVerdict;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.Route;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What telling whose an access token is costs the processor: of one that is known, of one that
 * nobody has seen, and of one that is forged; and what a flood of forged ones costs good callers. A
 * program of one file, run by {@code bench/run cost
 * tokens} on the class path of the command.
 */
final class TokenCost {
  private static final String RESOURCE = "https://mcp.example.com/mcp";
  private static final int ROUNDS = 5;
  private static final int KNOWN = 200_000;
  private static final int NEW = 400;
  private static final int CALLERS = 4;
  private static final int FLOOD_A_SECOND = 200;
  private static final int FLOOD_SECONDS = 2;
  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{},"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}\
      """;

  private TokenCost() {}

  /** One request, as {@code BearerCheck} looks at it. */
  private interface Request {
    TokenVerdict answer(int number);
  }

  public static void main(String[] arguments) throws Exception {
    KeyPair key = key();
    HttpServer provider = provider(key);
    String issuer = "http://127.0.0.1:" + provider.getAddress().getPort();
    try (HttpEngine engine = HttpEngine.begin();
        AccessTokens tokens =
            AccessTokens.open(
                engine,
                List.of(Issuer.of(issuer, HttpUrl.of(issuer).orElseThrow())),
                _ -> Standing.GOOD,
                Clock.systemUTC())) {
      awaitKeys(tokens, new Secret(token(issuer, key, "first", 1_000)));
      System.out.printf(
          "%d rounds on one thread, its processor time; median, and the spread%n%n", ROUNDS);
      System.out.println("| | CPU us |");
      System.out.println("|---|---|");
      InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
      for (int size : new int[] {600, 1_000, 2_000}) {
        Secret known = new Secret(token(issuer, key, "ann", size));
        tell(
            "a known token of " + known.reveal().length() + " characters",
            KNOWN,
            TokenVerdict.Valid.class,
            _ -> whole(tokens, known, peer));
      }
      fresh(tokens, issuer, key);
      forged(tokens, issuer);
      flood(engine, tokens, issuer, key);
    } finally {
      provider.stop(0);
    }
  }

  private static TokenVerdict whole(AccessTokens tokens, Secret token, InetAddress peer) {
    return tokens.screen(token, peer).orElseGet(() -> tokens.check(token, RESOURCE, peer));
  }

  /** On a machine that is busy the first fetch may take longer than a fetch may. */
  private static void awaitKeys(AccessTokens tokens, Secret token) throws InterruptedException {
    InetAddress peer = InetAddress.getLoopbackAddress();
    for (int i = 0; !(tokens.check(token, RESOURCE, peer) instanceof TokenVerdict.Valid); i++) {
      if (i == 20) {
        throw new IllegalStateException("the keys cannot be had");
      }
      Thread.sleep(1_000);
    }
  }

  private static void fresh(AccessTokens tokens, String issuer, KeyPair key) throws Exception {
    List<Secret> made = new ArrayList<>();
    for (int i = 0; i < NEW * (ROUNDS + 1); i++) {
      made.add(new Secret(token(issuer, key, "person-" + i, 1_000)));
    }
    InetAddress peer = InetAddress.ofLiteral("192.0.2.2");
    tell(
        "a good token (ES256) that nobody has seen",
        NEW,
        TokenVerdict.Valid.class,
        number -> whole(tokens, made.get(number), peer));
  }

  /** Each from another address, so that every signature is checked; then all from one. */
  private static void forged(AccessTokens tokens, String issuer) throws Exception {
    KeyPair other = key();
    List<Secret> made = new ArrayList<>();
    for (int i = 0; i < 2 * NEW * (ROUNDS + 1); i++) {
      made.add(new Secret(token(issuer, other, "person-" + i, 1_000)));
    }
    List<InetAddress> peers = new ArrayList<>();
    for (int i = 0; i < NEW * (ROUNDS + 1); i++) {
      peers.add(InetAddress.ofLiteral("198.18." + i / 250 + "." + i % 250));
    }
    tell(
        "a forged one, its signature checked",
        NEW,
        TokenVerdict.Invalid.class,
        number -> whole(tokens, made.get(number), peers.get(number)));
    InetAddress one = InetAddress.ofLiteral("192.0.2.3");
    for (int i = 0; i < 100; i++) {
      whole(tokens, made.get(NEW * (ROUNDS + 1) + i), one);
    }
    tell(
        "a forged one of a peer that has shown too many",
        NEW,
        TokenVerdict.class,
        number -> whole(tokens, made.get(NEW * (ROUNDS + 1) + number), one));
  }

  /**
   * Processor time of this thread. The first round is a warm-up. A verdict of another kind fails the
   * run.
   */
  private static void tell(String what, int calls, Class<?> kind, Request request) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] rounds = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      long begun = threads.getCurrentThreadCpuTime();
      for (int call = 0; call < calls; call++) {
        TokenVerdict verdict = request.answer((round + 1) * calls + call);
        if (!kind.isInstance(verdict)) {
          throw new IllegalStateException(what + ": " + verdict);
        }
      }
      if (round >= 0) {
        rounds[round] = (threads.getCurrentThreadCpuTime() - begun) / 1e3 / calls;
      }
    }
    Arrays.sort(rounds);
    System.out.printf(
        "| %s | %.2f (%.2f–%.2f) |%n", what, rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
  }

  // ---- a flood

  /**
   * Good callers with known tokens, alone and while one more sends forged ones, or requests without
   * any, from the same address: rounds in turn.
   */
  private static void flood(HttpEngine engine, AccessTokens tokens, String issuer, KeyPair key)
      throws Exception {
    GatewayOptions options =
        new GatewayOptions(
            ListenOptions.at("127.0.0.1", 0),
            List.of(
                Route.of(
                    EndpointOptions.of("bench", "/mcp"),
                    _ -> new Outcome.Complete(JsonObject.EMPTY))),
            new Credentials(Optional.empty(), Optional.of(tokens)),
            Optional.of(URI.create("https://mcp.example.com")),
            List.of(),
            new Limits.Bounds(1_000_000, 1_000_000, 10_000));
    try (Gateway gateway = Gateway.open(engine, options, "bench");
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI url = URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/mcp");
      String good = "Bearer " + token(issuer, key, "ann", 1_000);
      KeyPair other = key();
      List<String> forged = new ArrayList<>();
      for (int i = 0; i < FLOOD_A_SECOND * FLOOD_SECONDS * (ROUNDS + 1); i++) {
        forged.add("Bearer " + token(issuer, other, "x" + i, 1_000));
      }
      List<Supplier<String>> floods =
          List.of(() -> "none", () -> "", forged.iterator()::next);
      double[][] rates = new double[floods.size()][ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        for (int i = 0; i < floods.size(); i++) {
          double rate = rate(http, url, good, floods.get(i));
          if (round >= 0) {
            rates[i][round] = rate;
          }
        }
      }
      tellRates(rates);
    }
  }

  private static void tellRates(double[][] rates) {
    System.out.printf(
        "%n%d good callers, and a flood of %d requests a second%n%n| flood | good calls a second |"
            + "%n|---|---|%n",
        CALLERS, FLOOD_A_SECOND);
    String[] names = {"none", "without a token", "each with another forged token"};
    for (int i = 0; i < names.length; i++) {
      Arrays.sort(rates[i]);
      System.out.printf(
          "| %s | %,.0f (%,.0f–%,.0f) |%n",
          names[i], rates[i][ROUNDS / 2], rates[i][0], rates[i][ROUNDS - 1]);
    }
  }

  /**
   * Of good calls, a second.
   *
   * @param flood what the field of each request of the flood says; {@code none} for no flood
   */
  private static double rate(HttpClient http, URI url, String good, Supplier<String> flood)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong done = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < CALLERS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!over.get()) {
                      if (send(http, url, good) == 200) {
                        done.incrementAndGet();
                      }
                    }
                  }));
    }
    String first = flood.get();
    for (int i = 0; i < FLOOD_A_SECOND * FLOOD_SECONDS; i++) {
      long due = begun + i * 1_000_000_000L / FLOOD_A_SECOND;
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
      if (!first.equals("none") && send(http, url, i == 0 ? first : flood.get()) == 200) {
        throw new IllegalStateException("the flood got in");
      }
    }
    double rate = done.get() * 1e9 / (System.nanoTime() - begun);
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return rate;
  }

  private static int send(HttpClient http, URI url, String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "echo")
            .POST(HttpRequest.BodyPublishers.ofString(CALL));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  // ---- a provider

  private static KeyPair key() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static HttpServer provider(KeyPair key) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    String issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    ECPublicKey point = (ECPublicKey) key.getPublic();
    JsonObject jwk =
        JsonObject.EMPTY
            .with("kty", "EC")
            .with("crv", "P-256")
            .with("kid", "k")
            .with("x", text(fixed(point.getW().getAffineX())))
            .with("y", text(fixed(point.getW().getAffineY())));
    JsonObject metadata =
        JsonObject.EMPTY.with("issuer", issuer).with("jwks_uri", issuer + "/keys");
    JsonObject keys = JsonObject.EMPTY.with("keys", Json.arrayOf(List.of(jwk.toJson())));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            JsonObject body = exchange.getRequestURI().getPath().equals("/keys") ? keys : metadata;
            byte[] bytes = body.toJson().toBytes();
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    return server;
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] out = new byte[32];
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
    return out;
  }

  /**
   * @param size about how many characters it has
   */
  private static String token(String issuer, KeyPair key, String subject, int size)
      throws Exception {
    long now = Instant.now().getEpochSecond();
    JsonObject header =
        JsonObject.EMPTY.with("typ", "at+jwt").with("alg", "ES256").with("kid", "k");
    JsonObject claims =
        JsonObject.EMPTY
            .with("iss", issuer)
            .with("aud", RESOURCE)
            .with("sub", subject)
            .with("client_id", "app")
            .with("scope", "mcp:read mcp:write")
            .with("iat", Json.of(now))
            .with("exp", Json.of(now + 3_600))
            .with("padding", "p".repeat(Math.max(0, size - 450) * 3 / 4));
    String signed =
        text(header.toJson().toBytes()) + "." + text(claims.toJson().toBytes());
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + text(signature.sign());
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
