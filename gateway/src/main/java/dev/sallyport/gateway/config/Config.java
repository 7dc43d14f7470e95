package dev.sallyport.gateway.config;

import java.util.List;

/**
 * A configuration that was read whole: what {@code sallyport serve} does.
 *
 * @param servers those that are enabled, in the order of the file; at least one
 * @param disabled names of the others
 * @param routes at least one, each with at least one enabled server
 */
public record Config(
    Listening listening,
    AdminConfig admin,
    ServingLimits limits,
    LogConfig log,
    List<ServerConfig> servers,
    List<String> disabled,
    List<RouteConfig> routes) {
  public Config {
    servers = List.copyOf(servers);
    disabled = List.copyOf(disabled);
    routes = List.copyOf(routes);
  }
}
