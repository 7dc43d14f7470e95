package dev.sallyport.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.access.DataDirectory;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.HttpUrl;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A sign-in that listens, and ways to talk to it. Documents of clients are had from a map. */
final class Served implements AutoCloseable {
  static final String KNOWN = "the-agent";
  static final String CALLBACK = "http://127.0.0.1:7777/callback";

  final MovableClock clock = new MovableClock();
  final Map<String, String> documents = new ConcurrentHashMap<>();
  final Map<String, HttpFields> documentFields = new ConcurrentHashMap<>();
  final Queue<String> fetched = new ConcurrentLinkedQueue<>();
  final AtomicReference<List<String>> resources = new AtomicReference<>(List.of());
  final String issuer;
  final SignIn signIn;

  private final HttpListener listener;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private Served(Path folder, UnaryOperator<SignInOptions> with) throws Exception {
    AtomicReference<String> origin = new AtomicReference<>("http://127.0.0.1");
    SignInOptions options =
        with.apply(
            SignInOptions.of(
                    origin::get,
                    () ->
                        resources.get().stream()
                            .map(url -> new Resource(url, Set.of("read", "write"), Set.of("read")))
                            .toList())
                .withClients(List.of(new KnownClient(KNOWN, "The agent", List.of(CALLBACK)))));
    signIn =
        SignIn.open(
            new DataDirectory(folder),
            options,
            this::fetch,
            () -> {},
            new SignIn.Surroundings(clock, clock::nanos, new SecureRandom()));
    listener = HttpListener.open(ListenOptions.at("127.0.0.1", 0), signIn.handler());
    issuer = "http://127.0.0.1:" + listener.address().getPort();
    origin.set(issuer);
    resources.set(List.of(issuer + "/mcp"));
  }

  static Served in(Path folder) throws Exception {
    return new Served(folder, UnaryOperator.identity());
  }

  static Served with(Path folder, UnaryOperator<SignInOptions> options) throws Exception {
    return new Served(folder, options);
  }

  private FetchOutcome fetch(HttpUrl url) {
    fetched.add(url.toString());
    String document = documents.get(url.toString());
    return document == null
        ? new FetchOutcome.Refused(FetchOutcome.Reason.UNREACHED, "10.9.8.7 does not answer")
        : new FetchOutcome.Document(
            url,
            200,
            documentFields.getOrDefault(url.toString(), HttpFields.empty()),
            document.getBytes(UTF_8));
  }

  String resource() {
    return resources.get().getFirst();
  }

  int port() {
    return listener.address().getPort();
  }

  HttpResponse<String> get(String path, String... fields) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(issuer + path)).GET(), fields);
  }

  HttpResponse<String> post(String path, Map<String, String> form, String... fields)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(issuer + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    return send(request, fields);
  }

  HttpResponse<String> postJson(String path, String json) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(issuer + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder whole = fields.length == 0 ? request : request.headers(fields);
    return client.send(whole.build(), HttpResponse.BodyHandlers.ofString());
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            each ->
                URLEncoder.encode(each.getKey(), UTF_8)
                    + "="
                    + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** A browser that has come in by an invite. */
  Browser browserOf(String name) throws Exception {
    Browser browser = new Browser(this);
    browser.accept(signIn.people().invite(name).path().reveal());
    return browser;
  }

  @Override
  public void close() {
    listener.close();
    signIn.close();
    client.close();
  }
}
