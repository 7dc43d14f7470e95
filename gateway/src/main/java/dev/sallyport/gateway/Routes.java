package dev.sallyport.gateway;

import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.McpEndpoint;
import dev.sallyport.downstream.Seal;
import dev.sallyport.gateway.federation.Federation;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Log;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpCall;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpHead;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The endpoints of a gateway by their paths, each with a flow of its own. Thread-safe. */
final class Routes implements HttpHandler, AutoCloseable {
  private static final Log LOG = Log.of(Routes.class);

  private final Doorkeeper doorkeeper;
  private final Limits limits;
  private final Telemetry telemetry;
  private final Seal seal;
  private final Clock clock;
  private final SecureRandom random;
  private final AtomicReference<Table> table =
      new AtomicReference<>(new Table(List.of(), Map.of(), ResourceDocuments.NONE));

  /** Routes that are served no more, whose calls have not ended yet. */
  private final Set<Served> leaving = ConcurrentHashMap.newKeySet();

  /**
   * A route that is served.
   *
   * @param wanted and {@code scopes} as they were asked for
   */
  private record Served(
      EndpointOptions wanted,
      RouteScopes scopes,
      ProtectedResource resource,
      McpEndpoint endpoint,
      Federation federation) {
    boolean is(Route route) {
      return wanted.equals(route.endpoint()) && scopes.equals(route.scopes());
    }

    /** Its streams end in good order first. */
    void close() {
      federation.close();
      endpoint.close();
    }
  }

  private record Table(
      List<Served> served, Map<String, McpEndpoint> byPath, ResourceDocuments documents) {
    static Table of(List<Served> served) {
      Map<String, McpEndpoint> byPath = new HashMap<>();
      for (Served each : served) {
        each.wanted().paths().forEach(path -> byPath.put(path, each.endpoint()));
      }
      ResourceDocuments documents =
          ResourceDocuments.of(
              served.stream()
                  .map(
                      each ->
                          new ResourceDocuments.Published(each.resource(), each.wanted().sites()))
                  .toList());
      return new Table(List.copyOf(served), Map.copyOf(byPath), documents);
    }

    Optional<Served> find(Route route) {
      return served.stream().filter(each -> each.is(route)).findFirst();
    }

    Optional<McpEndpoint> find(HttpHead head) {
      return Optional.ofNullable(byPath.get(head.path()));
    }

    /** What is nobody's is refused as any of them refuses it. */
    McpEndpoint any() {
      return served.getFirst().endpoint();
    }
  }

  /**
   * @param limits of each caller, whichever routes it comes by
   * @param telemetry sees what each flow is given, and what comes of it
   */
  Routes(
      Doorkeeper doorkeeper,
      Limits limits,
      Telemetry telemetry,
      Seal seal,
      Clock clock,
      SecureRandom random) {
    this.doorkeeper = doorkeeper;
    this.limits = limits;
    this.telemetry = telemetry;
    this.seal = seal;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Serves these from now on. A route that was served before goes on with its sessions and streams;
   * what it offers may be others. Of one that is served no more, streams end, and calls may finish.
   * One at a time.
   *
   * @param routes at least one, with paths that differ
   * @param limit for those calls
   */
  void serve(List<Route> routes, Duration limit) {
    Table before = table.get();
    List<Served> now = new ArrayList<>();
    for (Route route : routes) {
      now.add(before.find(route).orElseGet(() -> begun(route)));
    }
    for (int i = 0; i < routes.size(); i++) {
      if (before.served().contains(now.get(i))) {
        now.get(i).federation().change(routes.get(i).crew());
      }
    }
    table.set(Table.of(now));
    before.served().stream()
        .filter(served -> !now.contains(served))
        .forEach(served -> leave(served, limit));
  }

  private void leave(Served served, Duration limit) {
    leaving.add(served);
    served.federation().close();
    Thread.ofVirtual()
        .name("leave-" + served.wanted().route())
        .start(
            () -> {
              try {
                served.endpoint().awaitIdle(limit);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                served.close();
                leaving.remove(served);
              }
            });
  }

  private Served begun(Route route) {
    Federation federation = new Federation(route.crew(), seal);
    EndpointOptions options = route.endpoint().withToolGroups(federation.groups());
    Handler flow =
        new LoggedFlow(
            new CallFlow(limits, route.scopes(), new TaskIds(federation, seal, options.route())),
            System::nanoTime);
    ProtectedResource resource = doorkeeper.resource(route);
    McpEndpoint endpoint =
        new McpEndpoint(
            options,
            doorkeeper.check(resource),
            telemetry.around(flow),
            reason -> turnedAway(options.route(), reason),
            clock,
            random);
    return new Served(route.endpoint(), route.scopes(), resource, endpoint, federation);
  }

  private void turnedAway(String route, Refusal.Reason reason) {
    if (LOG.tellsDetails()) {
      LOG.detail("turned away on " + route + ": " + LoggedFlow.word(reason));
    }
    telemetry.turnedAway(reason);
  }

  @Override
  public Optional<HttpAnswer> screen(HttpHead head) {
    Table now = table.get();
    Optional<HttpAnswer> document = now.documents().answer(head);
    if (document.isPresent()) {
      return document;
    }
    Optional<McpEndpoint> found = now.find(head);
    Optional<HttpAnswer> answer = found.orElseGet(now::any).screen(head);
    if (answer.isPresent() && LOG.tellsDetails()) {
      LOG.detail(screened(found, head, answer.get()));
    }
    return answer;
  }

  /** A path that is not ours is a stranger's word. */
  private static String screened(Optional<McpEndpoint> found, HttpHead head, HttpAnswer answer) {
    String where = found.isPresent() ? head.path() : "a path that is no route's";
    return "answered by its head alone on " + where + ": " + answer.status();
  }

  @Override
  public void serve(HttpCall call) {
    Table now = table.get();
    now.find(call.head())
        .ifPresentOrElse(endpoint -> endpoint.serve(call), () -> goneMeanwhile(call, now));
  }

  /** It was there when its head was screened. */
  private static void goneMeanwhile(HttpCall call, Table now) {
    call.answer(
        now.any().screen(call.head()).orElseThrow(() -> new IllegalStateException("whose path?")));
  }

  @Override
  public void close() {
    table.get().served().forEach(Served::close);
    leaving.forEach(Served::close);
  }
}
