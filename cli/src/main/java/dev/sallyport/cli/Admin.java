package dev.sallyport.cli;

import dev.sallyport.gateway.Operations;
import dev.sallyport.gateway.config.AdminConfig;
import dev.sallyport.gateway.config.HostPort;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.util.Optional;

/** The port of whoever operates this, if there is one. */
record Admin(Optional<HttpListener> listener) implements AutoCloseable {
  static Admin open(
      HttpEngine engine, AdminConfig config, Operations.Standing standing, Metrics metrics)
      throws CliFault {
    return switch (config) {
      case AdminConfig.Off _ -> new Admin(Optional.empty());
      case AdminConfig.At(HostPort at) -> {
        ListenAddress address = ListenAddress.parse(at.toString());
        if (!address.address().isLoopbackAddress()) {
          throw new CliFault(
              CliFault.CONFIG,
              "refused: admin: " + at + " is reachable from other machines, and checks nobody",
              "write  admin: 127.0.0.1:" + at.port() + "  or  admin: off");
        }
        try {
          ListenOptions options =
              ListenOptions.at(address.address().getHostAddress(), address.port());
          yield new Admin(
              Optional.of(HttpListener.open(engine, options, new Operations(standing, metrics))));
        } catch (ListenException e) {
          throw new CliFault(
              CliFault.FAILURE,
              "admin: " + e.getMessage(),
              "choose another with  admin: 127.0.0.1:0  (any free port), or  admin: off");
        }
      }
    };
  }

  Optional<String> url() {
    return listener.map(
        some ->
            "http://"
                + new HostPort(
                    some.address().getAddress().getHostAddress(), some.address().getPort()));
  }

  @Override
  public void close() {
    listener.ifPresent(HttpListener::close);
  }
}
