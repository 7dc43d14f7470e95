package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Handler;
import dev.sallyport.transport.http.HttpHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The numbers of one gateway. To count an exchange takes four increments that threads do not wait
 * for each other with; the page is made when somebody asks for it. Thread-safe.
 *
 * <pre>{@code
 * Metrics metrics = new Metrics("1.2.3", System::nanoTime);
 * Gateway gateway = Gateway.open(engine, options, metrics, user);
 * HttpListener.open(engine, listen, new Operations(standing, metrics));
 * }</pre>
 */
public final class Metrics implements Telemetry {
  /** What the page is, for whoever fetches it. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final String version;
  private final LongSupplier nanos;
  private final Durations durations = new Durations(Durations.MOST_SERIES);
  private final ToolNames tools = new ToolNames(ToolNames.MOST, ToolNames.MOST_UNPROVEN);
  private final Refusals refusals = new Refusals();
  private final LongAdder inProgress = new LongAdder();

  /**
   * @param version of this program
   * @param nanos a monotonic clock, {@link System#nanoTime} outside tests
   */
  public Metrics(String version, LongSupplier nanos) {
    this.version = version;
    this.nanos = nanos;
  }

  @Override
  public Handler around(Handler flow) {
    return new MeasuredFlow(flow, nanos, durations, tools, refusals, inProgress);
  }

  @Override
  public HttpHandler around(HttpHandler door) {
    return new MeasuredDoor(door, refusals);
  }

  /** The page, with how the servers stand just now. */
  public String page(List<ServerReading> servers) {
    Exposition page = new Exposition();
    durations.writeTo(page);
    page.family("sallyport_requests_in_progress", "gauge", "Requests of clients in progress.")
        .sample("sallyport_requests_in_progress", inProgress.sum(), Map.of());
    refusals.writeTo(page);
    ServerReading.writeTo(page, servers);
    page.family("sallyport_build_info", "gauge", "Always 1; which version runs.")
        .sample("sallyport_build_info", 1L, Map.of("version", version));
    ProcessReading.writeTo(page);
    return page.text();
  }
}
