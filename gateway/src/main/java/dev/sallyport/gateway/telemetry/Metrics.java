package dev.sallyport.gateway.telemetry;

import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The numbers of one gateway. To count an exchange takes four increments that threads do not wait
 * for each other with; they are read when somebody asks for them, or when they are sent.
 * Thread-safe.
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
  private final Spans spans;
  private final ClientNumbers clients = ClientNumbers.none();
  private final ServerNumbers servers = new ServerNumbers();

  /**
   * @param version of this program
   * @param nanos a monotonic clock, {@link System#nanoTime} outside tests
   */
  public Metrics(String version, LongSupplier nanos) {
    this(version, nanos, Spans.NONE);
  }

  /**
   * The same, with somebody who writes each exchange down.
   *
   * @param spans told of all that is counted
   */
  public Metrics(String version, LongSupplier nanos, Spans spans) {
    this.version = version;
    this.nanos = nanos;
    this.spans = spans;
  }

  @Override
  public Handler around(Handler flow) {
    return new MeasuredFlow(flow, nanos, clients, spans);
  }

  @Override
  public HttpHandler around(HttpHandler door) {
    return new MeasuredDoor(door, clients.refusals(), spans);
  }

  @Override
  public void turnedAway(Refusal.Reason reason) {
    clients.refusals().count(reason);
  }

  @Override
  public void sessionEnded(Peer server, ProtocolVersion spoken, Duration lasted) {
    servers.session(Labels.ofSession(spoken.text(), server.name()), lasted);
  }

  @Override
  public WatchedServer toward(Peer server, Handler handler) {
    return MeasuredServer.begin(server, handler, nanos, servers, spans);
  }

  /** All numbers but those of the process, with how the servers stand just now. */
  public List<Family> read(List<ServerReading> standing) {
    List<Family> all = new ArrayList<>(clients.read());
    all.addAll(servers.read());
    all.addAll(ServerReading.families(standing));
    all.add(
        Family.of(
            "sallyport.build_info",
            "1",
            Family.Type.GAUGE,
            "Always 1; which version runs.",
            new Family.Point.One(Map.of("version", version), 1)));
    return List.copyOf(all);
  }

  /** All of them as a page. */
  public String page(List<ServerReading> standing) {
    Exposition page = new Exposition();
    read(standing).forEach(page::add);
    ProcessReading.writeTo(page);
    return page.text();
  }
}
