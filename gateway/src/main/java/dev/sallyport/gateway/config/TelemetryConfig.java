package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where traces and numbers are sent, besides the page that the admin port has. */
public sealed interface TelemetryConfig {
  /** Nowhere. */
  record Off() implements TelemetryConfig {}

  /**
   * To a receiver of OTLP, as protobuf over HTTP.
   *
   * @param endpoint below which {@code /v1/traces} and {@code /v1/metrics} are
   * @param headers what each request to it says besides
   * @param traces which part of all traces, from 0 to 1; empty when no server is told of any either
   * @param followCallers whether a caller that says what it does itself decides
   * @param metrics how often numbers are sent; empty for not at all
   * @param resource what more is said of this process
   */
  record To(
      HttpUrl endpoint,
      HttpFields headers,
      OptionalDouble traces,
      boolean followCallers,
      Optional<Duration> metrics,
      String serviceName,
      Map<String, String> resource)
      implements TelemetryConfig {
    public To {
      resource = Map.copyOf(resource);
    }

    /** Without the path, which can be a secret of its own. */
    @Override
    public String toString() {
      return "To[" + endpoint.origin() + ", headers=" + headers + "]";
    }
  }
}
