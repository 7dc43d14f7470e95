package dev.sallyport.interop;

import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the profile's checks and reports each; exit code 0 when all of them held. */
public final class JavaClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final JsonNode order;
  private int failures;

  private JavaClient(JsonNode order) {
    this.order = order;
  }

  public static void main(String[] args) throws IOException {
    JavaClient client = new JavaClient(JSON.readTree(System.in.readAllBytes()));
    client.run();
    // The SDK's HTTP client keeps threads of its own.
    System.exit(client.failures == 0 ? 0 : 1);
  }

  private void run() {
    String key = order.path("key").asString("");
    try (Session session = new Session(transport(key), order)) {
      Checks checks = new Checks(session, order);
      if (!attempt("handshake", checks::handshake)) {
        return;
      }
      checks.all().forEach(this::attempt);
      attempt("goodbye", checks::goodbye);
    }
    if (!key.isEmpty()) {
      attempt("no key", () -> refused(""));
      attempt("wrong key", () -> refused(key.substring(0, key.length() - 4) + "AAAA"));
    }
  }

  private boolean attempt(String check, Checks.Check body) {
    try {
      tell(check, "ok", body.run());
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      tell(check, "failed", "interrupted");
    } catch (Exception | AssertionError failure) {
      tell(check, "failed", failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
    failures++;
    return false;
  }

  private String refused(String key) throws Exception {
    try (Session session = new Session(transport(key), order)) {
      session.client.initialize();
    } catch (RuntimeException refusal) {
      for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
        if (cause instanceof McpHttpClientTransportAuthorizationException answer) {
          return String.valueOf(answer.getResponseInfo().statusCode());
        }
      }
      throw refusal;
    }
    throw new AssertionError("was let in");
  }

  private McpClientTransport transport(String key) {
    URI url = URI.create(order.path("url").asString());
    HttpRequest.Builder request = HttpRequest.newBuilder();
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return HttpClientStreamableHttpTransport.builder(url.getScheme() + "://" + url.getAuthority())
        .endpoint(url.getPath())
        .requestBuilder(request)
        .openConnectionOnStartup(true)
        .build();
  }

  private static void tell(String check, String state, String detail) {
    String shown = detail.length() > 600 ? detail.substring(0, 600) : detail;
    OUT.println(JSON.writeValueAsString(Map.of("check", check, "state", state, "detail", shown)));
  }
}
