package dev.sallyport.gateway;

import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.ServerReading;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What whoever runs this asks, on a port of its own: whether it lives, whether it can take calls,
 * how it stands. Nobody is checked, so it is for this machine alone, and no web page gets an
 * answer: a name that is not this machine's, or an origin, is refused (DNS rebinding). Thread-safe.
 *
 * <ul>
 *   <li>{@code /livez}: 200 as long as anything is answered
 *   <li>{@code /readyz}: 200 when calls are taken, 503 before and while it drains; {@code ?verbose}
 *       says which server lacks what
 *   <li>{@code /metrics}: numbers, in the text format of Prometheus; no server is asked for it
 *   <li>{@code /status}: one object of JSON; {@code sallyport status} says more
 * </ul>
 */
public final class Operations implements HttpHandler {
  private final Standing standing;
  private final Metrics metrics;

  /** How things stand. Asked on virtual threads. */
  public interface Standing {
    /** Whether calls are taken: empty when they are, otherwise why not. */
    Optional<String> notReady();

    /** A line for each server. */
    List<String> servers();

    /** What any program on this machine may know. */
    JsonObject outline();

    /** The numbers of each server, without asking it. */
    List<ServerReading> readings();
  }

  /** What browsers say of a request that a page elsewhere made, of an image for example. */
  private static final Set<String> FROM_PAGES = Set.of("cross-site", "same-site");

  public Operations(Standing standing, Metrics metrics) {
    this.standing = standing;
    this.metrics = metrics;
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    List<String> hosts = head.fields().all("Host");
    if (hosts.size() != 1
        || !Sites.LOOPBACK.answersTo(hosts.getFirst())
        || !head.fields().all("Origin").isEmpty()
        || head.fields().all("Sec-Fetch-Site").stream().anyMatch(FROM_PAGES::contains)) {
      return Optional.of(text(403, "This is for programs on this machine"));
    }
    if (!head.method().equals("GET")) {
      return Optional.of(text(405, "Ask with GET").with("Allow", "GET"));
    }
    return Optional.empty();
  }

  @Override
  public void serve(HttpCall call) {
    call.answer(answer(call.head()).with("Cache-Control", "no-store"));
  }

  private HttpAnswer answer(HttpHead head) {
    return switch (head.path()) {
      case "/livez" -> text(200, "ok");
      case "/readyz" -> ready(head.query().filter("verbose"::equals).isPresent());
      case "/metrics" -> answer(200, Metrics.CONTENT_TYPE, metrics.page(standing.readings()));
      case "/status" ->
          HttpAnswer.json(200, standing.outline().toJson().text().getBytes(StandardCharsets.UTF_8));
      default -> text(404, "There is /livez, /readyz, /metrics and /status");
    };
  }

  private HttpAnswer ready(boolean verbose) {
    Optional<String> why = standing.notReady();
    String first = why.map(reason -> "not ready: " + reason).orElse("ok");
    return text(
        why.isPresent() ? 503 : 200,
        verbose ? first + "\n" + String.join("\n", standing.servers()) : first);
  }

  private static HttpAnswer text(int status, String words) {
    return answer(status, "text/plain; charset=utf-8", words + "\n");
  }

  private static HttpAnswer answer(int status, String type, String text) {
    return new HttpAnswer(
        status,
        HttpFields.empty().with("Content-Type", type),
        text.getBytes(StandardCharsets.UTF_8));
  }
}
