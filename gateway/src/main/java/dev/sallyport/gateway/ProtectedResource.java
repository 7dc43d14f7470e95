package dev.sallyport.gateway;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A route as OAuth sees it: the resource that tokens are for, and what it publishes of itself (RFC
 * 9728; RS-01 to RS-03). Immutable.
 *
 * @param path of the route
 * @param origin under which clients reach it
 * @param issuers whose tokens are taken
 * @param scopes what a client asks for first
 */
record ProtectedResource(
    String path, PublicOrigin origin, List<String> issuers, Set<String> scopes) {
  /** Where clients look when nobody told them (RFC 9728 section 3.1). */
  static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  ProtectedResource {
    issuers = List.copyOf(issuers);
    scopes = Set.copyOf(scopes);
  }

  /** Published without a slash at its end, whatever clients write (4-T36). */
  String url(HttpHead head) {
    return origin.of(head) + suffix();
  }

  /** Of the document. */
  String metadataPath() {
    return WELL_KNOWN + suffix();
  }

  private String metadataUrl(HttpHead head) {
    return origin.of(head) + metadataPath();
  }

  private String suffix() {
    return path.equals("/") ? "" : path;
  }

  /** Anybody may read it, any page too: it holds nothing that is not told with each refusal. */
  HttpAnswer document(HttpHead head) {
    JsonObject document =
        JsonObject.of("resource", Json.of(url(head)))
            .with("authorization_servers", texts(issuers))
            .with("bearer_methods_supported", texts(List.of("header")));
    if (!scopes.isEmpty()) {
      document = document.with("scopes_supported", texts(sorted(scopes)));
    }
    return HttpAnswer.json(200, document.toJson().toBytes())
        .with("Access-Control-Allow-Origin", "*")
        .with("Cache-Control", "max-age=300");
  }

  /**
   * The value of {@code WWW-Authenticate}, on one line (RS-20). None of its parts can hold a quote
   * or a backslash: hosts, paths and scopes have none.
   *
   * @param error of RFC 6750 section 3.1
   * @param needed scopes to ask for; empty for those of the resource
   */
  String challenge(HttpHead head, Optional<String> error, Set<String> needed) {
    StringBuilder text = new StringBuilder(160).append("Bearer realm=\"sallyport\"");
    error.ifPresent(code -> text.append(", error=\"").append(code).append('"'));
    Set<String> wanted = needed.isEmpty() ? scopes : needed;
    if (!wanted.isEmpty()) {
      text.append(", scope=\"").append(String.join(" ", sorted(wanted))).append('"'); // RS-09
    }
    if (!issuers.isEmpty()) {
      text.append(", resource_metadata=\"").append(metadataUrl(head)).append('"'); // RS-02
    }
    return text.toString();
  }

  private static List<String> sorted(Set<String> texts) {
    return texts.stream().sorted().toList();
  }

  private static Json texts(List<String> texts) {
    return Json.arrayOf(texts.stream().map(Json::of).toList());
  }
}
