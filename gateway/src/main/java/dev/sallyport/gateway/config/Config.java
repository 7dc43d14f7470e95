package dev.sallyport.gateway.config;

import dev.sallyport.access.token.Issuer;
import java.util.List;

/**
 * A configuration that was read whole: what {@code sallyport serve} does.
 *
 * @param issuers identity providers whose access tokens are taken
 * @param servers those that are enabled, in the order of the file; at least one
 * @param disabled names of the others
 * @param routes at least one, each with at least one enabled server
 */
public record Config(
    Listening listening,
    AdminConfig admin,
    TelemetryConfig telemetry,
    ServingLimits limits,
    LogConfig log,
    List<Issuer> issuers,
    List<ServerConfig> servers,
    List<String> disabled,
    List<RouteConfig> routes) {
  public Config {
    issuers = List.copyOf(issuers);
    servers = List.copyOf(servers);
    disabled = List.copyOf(disabled);
    routes = List.copyOf(routes);
  }
}
