package dev.sallyport.cli;

import dev.sallyport.gateway.config.TelemetryConfig;
import dev.sallyport.gateway.telemetry.Export;
import dev.sallyport.gateway.telemetry.Metrics;
import dev.sallyport.gateway.telemetry.ServerReading;
import dev.sallyport.gateway.telemetry.otel.OtelExport;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who looks on while a configuration is served.
 *
 * @param export sends what they see; without one, nothing of OpenTelemetry is loaded
 */
record Observed(Metrics metrics, Optional<Export> export) implements AutoCloseable {
  static Observed by(TelemetryConfig config) {
    String version = VersionCommand.number();
    return switch (config) {
      case TelemetryConfig.Off _ ->
          new Observed(new Metrics(version, System::nanoTime), Optional.empty());
      case TelemetryConfig.To to -> {
        Export export = OtelExport.open(to, version);
        yield new Observed(
            new Metrics(version, System::nanoTime, export.spans()), Optional.of(export));
      }
    };
  }

  /** Begins to send numbers, with how the servers stand. */
  void begin(Supplier<List<ServerReading>> servers) {
    export.ifPresent(some -> some.begin(() -> metrics.read(servers.get())));
  }

  @Override
  public void close() {
    export.ifPresent(Export::close);
  }
}
