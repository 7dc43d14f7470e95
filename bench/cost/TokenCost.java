import com.sun.net.httpserver.HttpServer;
import dev.sallyport.access.Secret;
import dev.sallyport.access.token.AccessTokens;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TokenVerdict;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.HttpUrl;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/**
 * What telling whose an access token is costs the processor: of one that is known, of one that
 * nobody has seen, and of one that is forged. A program of one file, run by {@code bench/run cost
 * tokens} on the class path of the command.
 */
final class TokenCost {
  private static final String RESOURCE = "https://mcp.example.com/mcp";
  private static final int ROUNDS = 5;
  private static final int KNOWN = 500_000;
  private static final int NEW = 4_000;

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
