package dev.sallyport.gateway;

import dev.sallyport.access.KeyRing;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.transport.http.ListenOptions;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway is made of.
 *
 * @param listen where, with which certificate and which bounds
 * @param endpoint the route, its path and the hosts it answers to
 * @param keys who may come in; empty lets everybody in as the local user, which {@link Exposure}
 *     allows on loopback only
 * @param proxies the only peers that may connect besides this machine; empty when there is no proxy
 */
public record GatewayOptions(
    ListenOptions listen,
    EndpointOptions endpoint,
    Optional<KeyRing> keys,
    List<Cidr> proxies,
    Limits.Bounds limits) {
  public GatewayOptions {
    proxies = List.copyOf(proxies);
  }
}
