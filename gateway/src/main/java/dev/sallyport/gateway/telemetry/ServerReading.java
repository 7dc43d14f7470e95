package dev.sallyport.gateway.telemetry;

import dev.sallyport.gateway.telemetry.Family.Point;
import dev.sallyport.upstream.ServerCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How one server stands when the numbers are read.
 *
 * @param name as in the configuration
 * @param counts all zero before it has come up
 */
public record ServerReading(String name, ServerCounts counts) {
  static List<Family> families(List<ServerReading> servers) {
    return List.of(
        gauge(servers, "up", "1", "Whether the next call can succeed.", each -> each.up() ? 1 : 0),
        gauge(
            servers, "processes", "{process}", "Processes, or sessions.", ServerCounts::processes),
        gauge(servers, "calls", "{call}", "Calls in progress.", ServerCounts::calls),
        gauge(
            servers, "waiting", "{call}", "Calls that wait for a process.", ServerCounts::waiting),
        counter(servers, "event", "What happened to processes.", ServerCounts::events),
        counter(servers, "fault", "How it broke the protocol.", ServerCounts::faults));
  }

  private static Family gauge(
      List<ServerReading> servers,
      String what,
      String unit,
      String help,
      ToLongFunction<ServerCounts> value) {
    return new Family(
        "sallyport.server." + what,
        unit,
        Family.Type.GAUGE,
        help,
        servers.stream()
            .<Point>map(
                server ->
                    new Point.One(Map.of("server", server.name), value.applyAsLong(server.counts)))
            .toList());
  }

  private static Family counter(
      List<ServerReading> servers,
      String what,
      String help,
      Function<ServerCounts, Map<String, Long>> counts) {
    List<Point> points = new ArrayList<>();
    for (ServerReading server : servers) {
      Map<String, Long> each = counts.apply(server.counts);
      for (String key : each.keySet().stream().sorted().toList()) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("server", server.name);
        labels.put(what, key);
        points.add(new Point.One(labels, each.getOrDefault(key, 0L)));
      }
    }
    return new Family(
        "sallyport.server." + what + "s", "{" + what + "}", Family.Type.COUNTER, help, points);
  }
}
