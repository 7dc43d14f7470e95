package dev.sallyport.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.DataDirectory;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenOptions;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that nobody has named: registered ones, and such with a document (T38, AS-04). */
final class ClientsTest {
  private static final String ID = "https://client.example/app.json";
  private static final String CALLBACK = "https://client.example/cb";
  @TempDir Path folder;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    served = Served.in(folder);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private static JsonObject json(HttpResponse<String> answer) throws Exception {
    return Json.parse(answer.body()).asObject().orElseThrow();
  }

  private HttpResponse<String> register(String json) throws Exception {
    return served.postJson("/signin/register", json);
  }

  private HttpResponse<String> ask(String client, String redirect) throws Exception {
    return served.browserOf("ada").ask(Pkce.request(served, client, redirect));
  }

  @Test
  void a_client_registers_itself_and_is_told_what_it_gets() throws Exception {
    HttpResponse<String> answer =
        register(
            """
            {"client_name": "A tool", "redirect_uris": ["http://127.0.0.1/cb", "https://a.example/cb"],
             "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
             "token_endpoint_auth_method": "client_secret_post", "application_type": "native",
             "scope": "read"}\
            """);

    assertThat(answer.statusCode()).isEqualTo(201);
    JsonObject client = json(answer);
    assertThat(client.string("token_endpoint_auth_method")).contains("none");
    assertThat(client.has("client_secret")).isFalse();
    assertThat(client.string("client_name")).contains("A tool");
    String id = client.string("client_id").orElseThrow();
    assertThat(ask(id, "http://127.0.0.1:50000/cb").body()).contains("A tool");
    assertThat(ask(id, "https://a.example/other").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "nothing",
        "{\"redirect_uris\":[]}",
        "{\"redirect_uris\":\"https://a.example/cb\"}",
        "{\"redirect_uris\":[\"http://a.example/cb\"]}",
        "{\"redirect_uris\":[\"https://a.example/cb\",\"ftp://a.example/\"]}",
        "{\"redirect_uris\":[\"https://*.example/cb#x\"]}",
        "{\"redirect_uris\":[\"https://*.example/cb\"]}",
        "{\"redirect_uris\":[\"https://user@a.example/cb\"]}",
        "{\"redirect_uris\":[\"javascript:alert(1)\"]}",
        "{\"redirect_uris\":[\"data:text/html,x\"]}",
        "{\"redirect_uris\":[7]}",
        "{\"redirect_uris\":[\"https://a.example/cb\"],\"client_name\":7}",
        "{\"redirect_uris\":[\"https://a.example/cb\"],\"grant_types\":[\"password\"]}",
        "{\"redirect_uris\":[\"https://a.example/cb\"],\"response_types\":[\"token\"]}",
        "{\"redirect_uris\":[\"https://a.example/cb\"],\"redirect_uris\":[\"https://b.example/\"]}"
      })
  void what_describes_no_client_is_refused(String json) throws Exception {
    HttpResponse<String> answer = register(json);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).string("error").orElseThrow())
        .isIn("invalid_redirect_uri", "invalid_client_metadata");
    assertThat(answer.body()).doesNotContain("alert", "example");
  }

  @Test
  void more_than_a_client_needs_to_say_is_refused() throws Exception {
    String redirect = "\"https://a.example/cb\"";
    assertThat(
            register("{\"redirect_uris\":[" + redirect + "],\"x\":\"" + "y".repeat(20_000) + "\"}")
                .statusCode())
        .isEqualTo(413);
    assertThat(
            register("{\"redirect_uris\":[" + (redirect + ",").repeat(20) + redirect + "]}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            register("{\"redirect_uris\":[\"https://a.example/" + "y".repeat(2_000) + "\"]}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            register(
                    "{\"redirect_uris\":["
                        + redirect
                        + "],\"client_name\":\""
                        + "y".repeat(201)
                        + "\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_thousand_registrations_in_a_minute_are_too_many_T38() throws Exception {
    int good = 0;
    int tooMany = 0;
    for (int i = 0; i < 1_000; i++) {
      switch (register("{\"redirect_uris\":[\"https://a.example/cb\"]}").statusCode()) {
        case 201 -> good++;
        case 429 -> tooMany++;
        default -> throw new AssertionError("neither");
      }
    }

    assertThat(good).isEqualTo(20);
    assertThat(tooMany).isEqualTo(980);
    served.clock.pass(Duration.ofMinutes(1));
    assertThat(register("{\"redirect_uris\":[\"https://a.example/cb\"]}").statusCode())
        .isEqualTo(201);
  }

  @Test
  void a_client_that_nobody_signs_in_with_is_forgotten_after_a_day_and_a_used_one_is_not()
      throws Exception {
    String unused = registered();
    String used = registered();
    served.browserOf("ada").codeFor(Pkce.request(served, used, CALLBACK));

    served.clock.pass(Duration.ofHours(24));

    assertThat(ask(used, CALLBACK).statusCode()).isEqualTo(200);
    HttpResponse<String> gone = ask(unused, CALLBACK);
    assertThat(gone.statusCode()).isEqualTo(400);
    assertThat(gone.body()).contains("registration has expired");
  }

  private String registered() throws Exception {
    return json(register("{\"redirect_uris\":[\"" + CALLBACK + "\"]}"))
        .string("client_id")
        .orElseThrow();
  }

  @Test
  void registration_can_be_switched_off() throws Exception {
    try (Served closed =
        Served.with(
            Files.createTempDirectory(folder, "other"),
            options -> options.withRegistration(false))) {
      assertThat(closed.postJson("/signin/register", "{}").statusCode()).isEqualTo(404);
      assertThat(closed.get("/.well-known/oauth-authorization-server").body())
          .doesNotContain("registration_endpoint");
    }
    assertThat(served.get("/.well-known/oauth-authorization-server").body())
        .contains("registration_endpoint");
  }

  // ---- documents

  private static String document(String id, String more) {
    return """
    {"client_id": "%s", "client_name": "The app", "redirect_uris": ["%s"]%s}\
    """
        .formatted(id, CALLBACK, more);
  }

  @Test
  void a_client_with_a_document_is_known_by_its_host() throws Exception {
    served.documents.put(ID, document(ID, ""));

    HttpResponse<String> page = ask(ID, CALLBACK);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("The app", "client.example vouches for");
    assertThat(ask(ID, "https://client.example/other").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://client.example",
        "https://client.example/",
        "http://client.example/app.json",
        "https://client.example/a/../app.json",
        "https://client.example/app.json#x",
        "https://user@client.example/app.json",
        "https://CLIENT.example/app.json",
        "https://client.example:443/app.json",
        "https:client"
      })
  void an_id_that_is_no_plain_url_is_not_fetched(String id) throws Exception {
    served.documents.put(id, document(id, ""));

    assertThat(ask(id, CALLBACK).statusCode()).isEqualTo(400);
    assertThat(served.fetched).isEmpty();
  }

  @Test
  void a_document_that_is_wrong_is_of_no_client_and_nobody_is_told_what_can_be_reached()
      throws Exception {
    for (String wrong :
        List.of(
            "nothing",
            "[]",
            document("https://client.example/other.json", ""),
            document(ID, ", \"client_secret\": \"x\""),
            document(ID, ", \"token_endpoint_auth_method\": \"client_secret_basic\""),
            "{\"client_id\": \"" + ID + "\"}",
            "{\"client_id\": \"" + ID + "\", \"redirect_uris\": [\"javascript:alert(1)\"]}")) {
      served.documents.put(ID, wrong);
      HttpResponse<String> page = ask(ID, CALLBACK);
      assertThat(page.statusCode()).as(wrong).isEqualTo(400);
      assertThat(page.headers().firstValue("Location")).isEmpty();
    }
    served.documents.remove(ID);
    assertThat(ask(ID, CALLBACK).body())
        .contains("could not be fetched")
        .doesNotContain("10.9.8.7");
    served.documents.put(ID, document(ID, ""));
    assertThat(ask(ID, CALLBACK).statusCode()).isEqualTo(200);
  }

  @Test
  void a_good_document_is_kept_as_long_as_it_says_within_bounds() throws Exception {
    Browser browser = served.browserOf("ada");
    Map<String, String> request = Pkce.request(served, ID, CALLBACK);
    served.documents.put(ID, document(ID, ""));
    for (Map.Entry<String, Duration> each :
        List.of(
            Map.entry("public, max-age=600", Duration.ofMinutes(10)),
            Map.entry("max-age=1", Duration.ofMinutes(1)),
            Map.entry("max-age=999999999", Duration.ofHours(24)))) {
      served.documentFields.put(ID, HttpFields.empty().with("Cache-Control", each.getKey()));
      served.fetched.clear();
      browser.ask(request);
      served.clock.pass(each.getValue().minusMillis(1));
      browser.ask(request);
      assertThat(served.fetched).as(each.getKey()).hasSize(1);
      served.clock.pass(Duration.ofMillis(1));
    }
    served.documentFields.put(ID, HttpFields.empty().with("Cache-Control", "no-store"));
    served.fetched.clear();
    browser.ask(request);
    browser.ask(request);
    assertThat(served.fetched).hasSize(2);
  }

  @Test
  void a_document_is_not_fetched_from_this_computer_or_a_private_network_T38() throws Exception {
    try (ServerSocket canary = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        HttpEngine engine = HttpEngine.begin();
        HttpClient client = HttpClient.newHttpClient()) {
      AtomicReference<String> origin = new AtomicReference<>("");
      SignInOptions options =
          SignInOptions.of(
              origin::get, () -> List.of(new Resource(origin.get() + "/mcp", Set.of(), Set.of())));
      Path other = Files.createTempDirectory(folder, "other");
      try (SignIn signIn =
              SignIn.open(
                  new DataDirectory(other),
                  engine,
                  options,
                  Clock.systemUTC(),
                  new SecureRandom());
          HttpListener listener =
              HttpListener.open(engine, ListenOptions.at("127.0.0.1", 0), signIn.handler())) {
        origin.set("http://127.0.0.1:" + listener.address().getPort());
        String cookie = cookie(client, signIn, origin.get());
        for (String host :
            List.of(
                "127.0.0.1:" + canary.getLocalPort(),
                "localhost:" + canary.getLocalPort(),
                "127.0.0.1",
                "10.9.8.7",
                "169.254.169.254",
                "[::1]",
                "metadata.google.internal")) {
          Map<String, String> request =
              Map.of("client_id", "https://" + host + "/x", "redirect_uri", "https://a.example/");
          HttpResponse<String> page =
              client.send(
                  HttpRequest.newBuilder(
                          URI.create(origin.get() + "/signin/authorize?" + Served.encoded(request)))
                      .header("Cookie", cookie)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
          assertThat(page.statusCode()).as(host).isEqualTo(400);
          assertThat(page.body()).contains("could not be fetched");
        }
      }
      canary.setSoTimeout(1);
      assertThat(wasReached(canary)).isFalse();
    }
  }

  private static boolean wasReached(ServerSocket canary) throws Exception {
    try (Socket reached = canary.accept()) {
      return reached.isConnected();
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  private static String cookie(HttpClient client, SignIn signIn, String origin) throws Exception {
    HttpResponse<String> welcome =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(origin + signIn.people().invite("ada").path().reveal()))
                .header("Origin", origin)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return welcome.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  // ---- the address

  @Test
  void under_another_name_nothing_is_served() throws Exception {
    assertThat(status("Host: evil.example")).isEqualTo("HTTP/1.1 421");
    assertThat(status("Host: 127.0.0.1:" + served.port())).isEqualTo("HTTP/1.1 200");
  }

  private String status(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /.well-known/oauth-authorization-server HTTP/1.1\r\n"
                      + host
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), UTF_8);
    }
  }
}
