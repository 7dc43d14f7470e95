package dev.sallyport.gateway;

import dev.sallyport.access.KeyRing;
import dev.sallyport.transport.http.ListenOptions;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway is made of.
 *
 * @param listen where, with which certificate and which bounds
 * @param routes the endpoints and what they offer; at least one, with paths and names that differ
 * @param keys who may come in; empty lets everybody in as the local user, which {@link Exposure}
 *     allows on loopback only
 * @param proxies the only peers that may connect besides this machine; empty when there is no proxy
 */
public record GatewayOptions(
    ListenOptions listen,
    List<Route> routes,
    Optional<KeyRing> keys,
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
