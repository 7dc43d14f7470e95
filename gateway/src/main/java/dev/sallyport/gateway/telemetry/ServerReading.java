package dev.sallyport.gateway.telemetry;

import dev.sallyport.upstream.ServerCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How one server stands when the page is made.
 *
 * @param name as in the configuration
 * @param counts all zero before it has come up
 */
public record ServerReading(String name, ServerCounts counts) {
  static void writeTo(Exposition page, List<ServerReading> servers) {
    gauge(page, servers, "up", "Whether the next call can succeed.", each -> each.up() ? 1 : 0);
    gauge(page, servers, "processes", "Processes, or sessions.", ServerCounts::processes);
    gauge(page, servers, "calls", "Calls in progress.", ServerCounts::calls);
    gauge(page, servers, "waiting", "Calls that wait for a process.", ServerCounts::waiting);
    counter(page, servers, "event", "What happened to processes.", ServerCounts::events);
    counter(page, servers, "fault", "How it broke the protocol.", ServerCounts::faults);
  }

  private static void gauge(
      Exposition page,
      List<ServerReading> servers,
      String what,
      String help,
      ToLongFunction<ServerCounts> value) {
    String name = "sallyport_server_" + what;
    page.family(name, "gauge", help);
    for (ServerReading server : servers) {
      page.sample(name, value.applyAsLong(server.counts), Map.of("server", server.name));
    }
  }

  private static void counter(
      Exposition page,
      List<ServerReading> servers,
      String what,
      String help,
      Function<ServerCounts, Map<String, Long>> counts) {
    String name = "sallyport_server_" + what + "s_total";
    page.family(name, "counter", help);
    for (ServerReading server : servers) {
      Map<String, Long> each = counts.apply(server.counts);
      for (String key : each.keySet().stream().sorted().toList()) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("server", server.name);
        labels.put(what, key);
        page.sample(name, each.getOrDefault(key, 0L), labels);
      }
    }
  }
}
