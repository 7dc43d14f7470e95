package dev.sallyport.cli.doctor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A server that wants tokens at {@code /mcp}, and the authorization server that gives them out at
 * {@code /realm}, on one port of this machine. All is sound until a test spoils it.
 */
public final class SignInSite implements AutoCloseable {
  public static final String RESOURCE_AT = "/.well-known/oauth-protected-resource/mcp";
  public static final String ISSUER_AT = "/.well-known/oauth-authorization-server/realm";
  public static final String KEYS_AT = "/realm/jwks";
  private static final String KEY_ID = "first";
  private static final int COORDINATE = 32;

  private final HttpServer server;
  private final KeyPair keys;
  private final Map<String, Published> published = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<String> taken = Optional.empty();
  private volatile Refusal refusal;
  private volatile Optional<Refusal> refusalOfTokens = Optional.empty();

  private record Published(int status, String type, String text) {}

  private record Refusal(int status, Optional<String> challenge) {}

  private SignInSite(HttpServer server, KeyPair keys) {
    this.server = server;
    this.keys = keys;
    refusal =
        new Refusal(
            401,
            Optional.of(
                "Bearer realm=\"here\", scope=\"mcp:read\", resource_metadata=\""
                    + url(RESOURCE_AT)
                    + "\""));
  }

  public static SignInSite open() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    SignInSite site =
        new SignInSite(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10),
            generator.generateKeyPair());
    site.publish(RESOURCE_AT, site.resource());
    site.publish(ISSUER_AT, site.metadata());
    site.publish(KEYS_AT, site.keySet());
    site.server.createContext("/", site::answer);
    site.server.start();
    return site;
  }

  /** The same for a field of a test. */
  public static SignInSite opened() {
    try {
      return open();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a server of this machine", e);
    }
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public String endpoint() {
    return url("/mcp");
  }

  public String issuer() {
    return url("/realm");
  }

  /** Paths that were asked for, in order. */
  public List<String> asked() {
    return asked;
  }

  // ---- what is published

  private JsonObject resource() {
    return JsonObject.of("resource", Json.of(endpoint()))
        .with("authorization_servers", texts(issuer()))
        .with("bearer_methods_supported", texts("header"));
  }

  public static Json texts(String... texts) {
    return Json.arrayOf(Stream.of(texts).map(Json::of).toList());
  }

  private JsonObject metadata() {
    return JsonObject.of("issuer", Json.of(issuer()))
        .with("authorization_endpoint", issuer() + "/authorize")
        .with("token_endpoint", issuer() + "/token")
        .with("jwks_uri", url(KEYS_AT))
        .with("registration_endpoint", issuer() + "/register")
        .with("code_challenge_methods_supported", texts("S256"));
  }

  private JsonObject keySet() {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    JsonObject jwk =
        JsonObject.of("kty", Json.of("EC"), "crv", Json.of("P-256"))
            .with("kid", KEY_ID)
            .with("alg", "ES256")
            .with("use", "sig")
            .with("x", coordinate(key.getW().getAffineX().toByteArray()))
            .with("y", coordinate(key.getW().getAffineY().toByteArray()));
    return JsonObject.of("keys", Json.arrayOf(List.of(jwk.toJson())));
  }

  private static String coordinate(byte[] number) {
    byte[] fixed = new byte[COORDINATE];
    byte[] bytes =
        Arrays.copyOfRange(number, Math.max(0, number.length - COORDINATE), number.length);
    System.arraycopy(bytes, 0, fixed, COORDINATE - bytes.length, bytes.length);
    return encoded(fixed);
  }

  public void publish(String path, JsonObject document) {
    published.put(path, new Published(200, "application/json", document.toJson().text()));
  }

  public void publishText(String path, String type, String text) {
    published.put(path, new Published(200, type, text));
  }

  /** As a server behind a proxy that is away. */
  public void breakDown(String path) {
    published.put(path, new Published(503, "text/html", "<html>"));
  }

  public void withdraw(String path) {
    published.remove(path);
  }

  public void changeResource(UnaryOperator<JsonObject> change) {
    publish(RESOURCE_AT, change.apply(resource()));
  }

  public void changeMetadata(UnaryOperator<JsonObject> change) {
    publish(ISSUER_AT, change.apply(metadata()));
  }

  // ---- how callers are met

  /** What strangers are told. */
  public void refuse(int status, Optional<String> challenge) {
    refusal = new Refusal(status, challenge);
  }

  /** What those are told whose token is not taken. */
  public void refuseTokens(int status, Optional<String> challenge) {
    refusalOfTokens = Optional.of(new Refusal(status, challenge));
  }

  public void take(String token) {
    taken = Optional.of(token);
  }

  // ---- tokens

  /** Claims of a token that is good here for some minutes. */
  public JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    return JsonObject.of("iss", Json.of(issuer()), "aud", Json.of(endpoint()))
        .with("sub", "somebody-7131")
        .with("client_id", "client-9")
        .with("scope", "mcp:read")
        .with("iat", Json.of(now))
        .with("exp", Json.of(now + 600));
  }

  public static JsonObject header() {
    return JsonObject.of("alg", Json.of("ES256"), "typ", Json.of("at+jwt")).with("kid", KEY_ID);
  }

  /** Signed, whatever the header says. */
  public String token(JsonObject header, JsonObject claims) throws GeneralSecurityException {
    String signed = encoded(header.toJson().toBytes()) + "." + encoded(claims.toJson().toBytes());
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + encoded(signature.sign());
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  // ---- answers

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (path.equals("/mcp")) {
        served(exchange, new String(body, StandardCharsets.UTF_8));
        return;
      }
      Published found = published.getOrDefault(path, new Published(404, "text/plain", "nothing"));
      send(exchange, found.status(), found.type(), found.text());
    }
  }

  private void served(HttpExchange exchange, String body) throws IOException {
    Optional<String> shown =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
    if (shown.isEmpty() || !shown.equals(taken.map(token -> "Bearer " + token))) {
      Refusal told = shown.isPresent() ? refusalOfTokens.orElse(refusal) : refusal;
      if (told.status() != 200) {
        told.challenge()
            .ifPresent(value -> exchange.getResponseHeaders().set("WWW-Authenticate", value));
        send(exchange, told.status(), "text/plain", "no");
        return;
      }
    }
    String id = body.replaceFirst("(?s).*\"id\":([0-9]+).*", "$1");
    if (!body.contains("\"id\":")) {
      send(exchange, 202, "text/plain", "");
    } else if (body.contains("\"initialize\"")) {
      reply(
          exchange,
          id,
          "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
              + "\"serverInfo\":{\"name\":\"site\",\"version\":\"1\"}}");
    } else if (body.contains("\"tools/list\"")) {
      reply(
          exchange,
          id,
          "\"result\":{\"tools\":[{\"name\":\"look\",\"inputSchema\":{\"type\":\"object\"}}]}");
    } else {
      reply(exchange, id, "\"error\":{\"code\":-32601,\"message\":\"no\"}");
    }
  }

  private static void reply(HttpExchange exchange, String id, String rest) throws IOException {
    send(exchange, 200, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + rest + "}");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
