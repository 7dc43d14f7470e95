package dev.sallyport.gateway;

import dev.sallyport.downstream.Sites;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The documents that say where to sign in, by their paths: one for each route whose tokens somebody
 * issues, and at the root only where there is one route, because the root's must be true of every
 * path (4-T35). Immutable.
 */
final class ResourceDocuments {
  static final ResourceDocuments NONE = new ResourceDocuments(Map.of());

  private final Map<String, Published> byPath;

  /**
   * @param sites the names it is published under: a document for any other would be a lie
   */
  record Published(ProtectedResource resource, Sites sites) {}

  private ResourceDocuments(Map<String, Published> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  static ResourceDocuments of(List<Published> routes) {
    Map<String, Published> byPath = new HashMap<>();
    for (Published each : routes) {
      if (!each.resource().issuers().isEmpty()) {
        byPath.put(each.resource().metadataPath(), each);
      }
    }
    if (byPath.size() == 1) {
      byPath.put(ProtectedResource.WELL_KNOWN, byPath.values().iterator().next());
    }
    return new ResourceDocuments(byPath);
  }

  /** Empty when the request is for none of them. */
  Optional<HttpAnswer> answer(HttpHead head) {
    if (!head.path().startsWith(ProtectedResource.WELL_KNOWN)) {
      return Optional.empty();
    }
    List<String> hosts = head.fields().all("Host");
    return Optional.ofNullable(byPath.get(head.path()))
        .filter(found -> hosts.size() == 1 && found.sites().answersTo(hosts.getFirst()))
        .map(found -> answer(head, found.resource()));
  }

  private static HttpAnswer answer(HttpHead head, ProtectedResource resource) {
    return switch (head.method()) {
      case "GET" -> resource.document(head);
      case "OPTIONS" ->
          HttpAnswer.empty(204)
              .with("Access-Control-Allow-Origin", "*")
              .with("Access-Control-Allow-Methods", "GET")
              .with("Access-Control-Allow-Headers", "Accept, Content-Type, MCP-Protocol-Version")
              .with("Access-Control-Max-Age", "600");
      default -> HttpAnswer.empty(405).with("Allow", "GET, OPTIONS");
    };
  }
}
