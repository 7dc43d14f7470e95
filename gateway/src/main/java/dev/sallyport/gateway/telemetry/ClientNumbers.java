package dev.sallyport.gateway.telemetry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted of clients.
 *
 * @param requests how long each took
 * @param sessions how long each lasted, of clients with a handshake
 * @param refusals those who were turned away
 * @param inProgress requests without an outcome yet
 */
record ClientNumbers(
    Durations requests,
    Durations sessions,
    Refusals refusals,
    LongAdder inProgress,
    Naming naming) {
  static ClientNumbers none() {
    return new ClientNumbers(
        new Durations(
            "mcp.server.operation.duration",
            "How long requests of clients took.",
            Durations.MOST_SERIES,
            ClientNumbers::route),
        new Durations(
            "mcp.server.session.duration",
            "How long sessions of clients lasted.",
            Durations.MOST_SERIES,
            ClientNumbers::route),
        new Refusals(),
        new LongAdder(),
        new Naming());
  }

  private static Map<String, String> route(String name) {
    return Map.of("sallyport.route", name);
  }

  List<Family> read() {
    return List.of(
        requests.read(),
        sessions.read(),
        Family.of(
            "sallyport.requests_in_progress",
            "{request}",
            Family.Type.GAUGE,
            "Requests of clients in progress.",
            new Family.Point.One(Map.of(), inProgress.sum())),
        refusals.read());
  }
}
