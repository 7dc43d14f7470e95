package dev.sallyport.gateway.config;

import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
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

  /**
   * What was read.
   *
   * @param service under which name this process is known, also where nothing is sent
   */
  record Read(TelemetryConfig config, String service) {}

  Read read(Group root) {
    Group group = root.group("telemetry", Keys.TELEMETRY);
    boolean written = group.has("otlp");
    Receiver receiver =
        (written ? group.find("otlp", Kinds.RECEIVER) : variables.endpoint())
            .orElse(new Receiver.None());
    if (!written && root.has("telemetry") && receiver instanceof Receiver.None) {
      root.remark("telemetry", "says nothing of otlp, so nothing is sent");
    }
    return switch (variables.isDisabled() ? new Receiver.None() : receiver) {
      case Receiver.None _ -> {
        if (receiver instanceof Receiver.At && written) {
          variables.tellDisabled();
          group.effective().put("otlp", "off");
        }
        // What is wrong is told all the same, but not of variables: they are meant for others then.
        TelemetryConfig.To nowhere =
            new TelemetryReader(variables.none()).read(group, NOWHERE, false);
        yield new Read(
            new TelemetryConfig.Off(),
            group.has("service-name")
                ? nowhere.serviceName()
                : variables.withoutAWord().serviceName());
      }
      case Receiver.At(HttpUrl url) -> {
        if (!written) {
          group.effective().put("otlp", Group.MASK);
        }
        TelemetryConfig.To to = read(group, url, true);
        variables.refuse(!written, to.traces().isPresent(), to.metrics().isPresent());
        if (!url.secure() && !url.isLoopback() && !to.headers().equals(HttpFields.empty())) {
          root.remark("telemetry", "sends its headers to another machine without https");
        }
        boolean anything = to.traces().isPresent() || to.metrics().isPresent();
        yield new Read(anything ? to : new TelemetryConfig.Off(), to.serviceName());
      }
    };
  }

  /**
   * @param counts whether it does, and so is told of where it is not written
   */
  private TelemetryConfig.To read(Group group, HttpUrl url, boolean counts) {
    boolean both = group.has("traces") && group.has("follow-callers");
    StandardVariables.Sampling sampling = (both ? variables.none() : variables).sampling();
    boolean traced = group.has("traces") || variables.sendsTraces();
    String traces = traced ? Kinds.plain(sampling.ratio()) : "off";
    String metrics = (group.has("metrics") ? variables.none() : variables).metrics();
    return new TelemetryConfig.To(
        url,
        fields(group),
        value(group, "traces", Kinds.RATIO_OR_OFF, traces, counts).part(),
        value(
            group,
            "follow-callers",
            Kinds.BOOLEAN,
            Boolean.toString(sampling.followCallers()),
            counts),
        value(group, "metrics", Kinds.TIME_OR_OFF, metrics, counts).every(),
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
