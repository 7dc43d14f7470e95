package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Optional;
import java.util.Set;

/**
 * Reads where telemetry is sent. Where the file is silent, the variables count that every program
 * with OpenTelemetry has ({@link StandardVariables}).
 */
final class TelemetryReader {
  private static final Set<String> OURS =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "transfer-encoding",
          "upgrade");

  private static final HttpUrl NOWHERE = new HttpUrl(true, "localhost", 1, "/");
  static final Kind<String> NAME =
      Kinds.form("[ -~]{1,128}", "1 to 128 plain characters", "sallyport");

  private final StandardVariables variables;

  TelemetryReader(StandardVariables variables) {
    this.variables = variables;
  }

  TelemetryConfig read(Group root) {
    Group group = root.group("telemetry", Keys.TELEMETRY);
    boolean written = group.has("otlp");
    Optional<Receiver> receiver =
        written ? group.find("otlp", Kinds.RECEIVER) : variables.endpoint();
    if (receiver.isEmpty() && root.has("telemetry") && !written) {
      root.remark("telemetry", "says nothing of otlp, so nothing is sent");
    }
    return switch (receiver.orElse(new Receiver.None())) {
      case Receiver.None _ -> {
        // What is wrong is told all the same, but not of variables: they are meant for others then.
        new TelemetryReader(variables.none()).read(group, NOWHERE, false);
        yield new TelemetryConfig.Off();
      }
      case Receiver.At(HttpUrl url) -> {
        if (!written) {
          group.effective().put("otlp", Group.MASK);
        }
        TelemetryConfig.To to = read(group, url, true);
        if (!url.secure() && !url.isLoopback() && !to.headers().equals(HttpFields.empty())) {
          root.remark("telemetry", "sends its headers to another machine without https");
        }
        yield to;
      }
    };
  }

  /**
   * @param counts whether it does, and so is told of where it is not written
   */
  private TelemetryConfig.To read(Group group, HttpUrl url, boolean counts) {
    StandardVariables.Sampling sampling = variables.sampling();
    return new TelemetryConfig.To(
        url,
        fields(group),
        value(group, "traces", Kinds.RATIO, Kinds.plain(sampling.ratio()), counts),
        value(
            group,
            "follow-callers",
            Kinds.BOOLEAN,
            Boolean.toString(sampling.followCallers()),
            counts),
        value(group, "metrics", Kinds.TIME_OR_OFF, "60s", counts).every(),
        value(group, "service-name", NAME, variables.serviceName(), counts),
        variables.resource());
  }

  private HttpFields fields(Group group) {
    return group.has("headers")
        ? HeaderFields.read(group.named("headers", "{X-Team: blue}"), OURS::contains)
        : variables.headers(OURS::contains);
  }

  private static <T> T value(
      Group group, String key, Kind<T> kind, String otherwise, boolean counts) {
    return counts
        ? group.read(key, kind, otherwise)
        : group.find(key, kind).or(() -> kind.parse(otherwise)).orElseThrow();
  }
}
