package dev.sallyport.gateway;

import dev.sallyport.transport.http.ListenOptions;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway is made of.
 *
 * @param listen where, with which certificate and which bounds
 * @param routes the endpoints and what they offer; at least one, with paths and names that differ
 * @param credentials what opens it
 * @param publicUrl under which others reach it; a route's own URL is this and its path
 * @param proxies the only peers that may connect besides this machine; empty when there is no proxy
 */
public record GatewayOptions(
    ListenOptions listen,
    List<Route> routes,
    Credentials credentials,
    Optional<URI> publicUrl,
    List<Cidr> proxies,
    Limits.Bounds limits) {
  public GatewayOptions {
    routes = List.copyOf(routes);
    List<String> paths =
        routes.stream().flatMap(route -> route.endpoint().paths().stream()).toList();
    if (routes.isEmpty() || paths.stream().distinct().count() < paths.size()) {
      throw new IllegalArgumentException("at least one route, each with paths of its own");
    }
    proxies = List.copyOf(proxies);
  }
}
