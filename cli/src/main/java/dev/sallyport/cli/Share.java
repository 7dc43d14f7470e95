package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyStore;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.Credentials;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.Route;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.UpstreamOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Shares one server until it is told to stop. Both {@code share} and {@code demo} are this, with
 * other settings.
 */
final class Share {
  static final String PATH = "/mcp";
  static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final Sallyport.Surroundings surroundings;
  private final Settings settings;

  /**
   * What to share, and how.
   *
   * @param name what clients may call it
   * @param issuers whose access tokens are taken, beside access keys
   * @param hints what to do next, printed last
   */
  record Settings(
      String name,
      Offered offered,
      UpstreamOptions upstream,
      ServeFlags.Values serve,
      Callers callers,
      List<Issuer> issuers,
      Hints hints) {
    Settings {
      issuers = List.copyOf(issuers);
    }

    /** Without its path, which is ours: a route's own URL is this and the route's path. */
    Optional<URI> publicSite() {
      return serve
          .publicUrl()
          .map(url -> URI.create(url.getScheme() + "://" + url.getRawAuthority()));
    }

    Opening opening(
        Sallyport.Surroundings surroundings, ServerNews news, Optional<HttpEngine> engine) {
      return new Opening(surroundings, name, offered, upstream, news, engine);
    }

    /** For a moment: with a server of this era, and a key that ends with it. */
    Settings briefly(EraChoice era) {
      return new Settings(
          name,
          offered,
          upstream.withEra(era),
          serve,
          Callers.WITH_KEY_FOR_THIS_RUN,
          issuers,
          hints);
    }
  }

  /** Who may call. */
  enum Callers {
    /** Everybody on this machine. */
    NOT_CHECKED,
    /** Who has one of the keys that there are. */
    WITH_EXISTING_KEYS,
    /** These, and the owner, who is shown a key. */
    WITH_KEY_FOR_A_DAY,
    /** The same, but the owner's key ends with the run. */
    WITH_KEY_FOR_THIS_RUN;

    boolean checked() {
      return this != NOT_CHECKED;
    }
  }

  /** Prints what to do next; there is no key when nobody is checked. */
  interface Hints {
    void print(Screen screen, String url, Optional<String> key);
  }

  Share(Sallyport.Surroundings surroundings, Settings settings) {
    this.surroundings = surroundings.ofService();
    this.settings = settings;
  }

  /** What goes on while it serves; when this returns, it ends in good order. */
  interface Serving {
    void run(String url, Optional<String> key, Stop stop) throws CliFault;
  }

  /** Serves until SIGTERM or SIGINT. */
  int run() throws CliFault {
    return run((_, _, stop) -> stop.await());
  }

  int run(Serving serving) throws CliFault {
    Logging.begin();
    Doors doors = Doors.of(settings.serve(), settings.callers().checked());
    settings.serve().listen().requireFree();
    Screen screen = surroundings.screen();
    Seen certificate = Renewal.look(settings.serve().tls());
    try (Stop stop = Stop.install(screen);
        HttpEngine engine = HttpEngine.begin(); // while all else comes up
        Ahead<GatewayKeys> keys = Ahead.begin("keys", this::keys, GatewayKeys::close);
        ServerNews news = ServerNews.of(screen, settings.name(), settings.serve().verbose());
        Ahead<Opened> starting =
            Ahead.begin(
                "server",
                () -> settings.opening(surroundings, news, Optional.of(engine)).run(),
                Opened::close);
        GatewayTokens tokens = GatewayTokens.of(engine, settings.issuers(), keys.get()::standing);
        Gateway gateway =
            open(
                engine,
                new Credentials(keys.get().ring(), tokens.tokens()),
                starting,
                doors.sites())) {
      String url =
          doors
              .publicUrl()
              .map(URI::toString)
              .orElseGet(() -> doors.origin(gateway.address()) + PATH);
      try (StatusSocket _ = StatusSocket.open(surroundings, () -> status(starting, url))) {
        Optional<Opened> came = up(starting, gateway, stop);
        if (came.isEmpty()) {
          return CliFault.FAILURE;
        }
        Opened up = came.get();
        Optional<KeyStore.Issued> made = keys.get().made();
        news.nowServing();
        new Announcement(screen, settings)
            .print(doors, up.server().facts(), up.sandbox(), url, made);
        if (settings.callers() == Callers.WITH_KEY_FOR_A_DAY) {
          keys.get().letLast();
        }
        stop.nowServing();
        try (FileWatch _ =
            FileWatch.alone()
                .begin(Renewal.of(screen, gateway, certificate, InstantSource.system()))) {
          serving.run(url, made.map(key -> key.secret().reveal()), stop);
        }
      }
      screen.say("stopping…");
      stop.takes(DRAIN);
      stop.waitsFor("calls in progress, " + DRAIN.toSeconds() + " s at most");
      gateway.drain(DRAIN);
      news.nowStopping();
      stop.waitsFor("the server's processes to end");
      return 0;
    }
  }

  /**
   * Waits for it; whoever called early is told before the listener closes. Nothing when the program
   * is asked to stop first, which is said here, because a stop waits for nothing that comes later.
   */
  private Optional<Opened> up(Ahead<Opened> starting, Gateway gateway, Stop stop) throws CliFault {
    try {
      if (starting.await(stop.asked()) instanceof Ahead.State.Opening) {
        surroundings.screen().fail(Opening.stopped(settings.name()));
        gateway.drain(A_MOMENT);
        return Optional.empty();
      }
      return Optional.of(starting.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Opening.stopped(settings.name());
    } catch (CliFault e) {
      gateway.drain(A_MOMENT);
      throw e;
    }
  }

  private String status(Ahead<Opened> server, String url) {
    Isolation isolation = settings.upstream().sharing().isolation();
    JsonObject shared =
        switch (server.state()) {
          case Ahead.State.Open(var up) ->
              StatusReport.of(settings.name(), isolation, up.server().status());
          case Ahead.State.Opening<?> _ ->
              StatusReport.notUp(settings.name(), isolation, "starting");
          case Ahead.State.Failed<?> _ ->
              StatusReport.notUp(settings.name(), isolation, "does not start");
        };
    return JsonObject.of("url", Json.of(url), "pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", Json.arrayOf(List.of(shared.toJson())))
        .toJson()
        .text();
  }

  private Gateway open(
      HttpEngine engine, Credentials credentials, Ahead<Opened> server, Sites sites)
      throws CliFault {
    ListenOptions defaults =
        ListenOptions.at(
            settings.serve().listen().address().getHostAddress(), settings.serve().listen().port());
    ListenOptions listen =
        defaults.withBounds(
            settings.serve().maxBody(),
            defaults.maxHead(),
            defaults.maxConnections(),
            defaults.maxConcurrent());
    ListenOptions secured = settings.serve().tls().map(listen::withTls).orElse(listen);
    EndpointOptions plain = EndpointOptions.of(settings.name(), PATH).withSites(sites);
    EndpointOptions endpoint = settings.serve().ssePaths().map(plain::withSse).orElse(plain);
    try {
      GatewayOptions options =
          new GatewayOptions(
              secured,
              List.of(
                  Route.of(
                      endpoint, new WhenUp(server), settings.upstream().sharing().isolation())),
              credentials,
              settings.publicSite(),
              settings.serve().proxies(),
              Limits.Bounds.DEFAULT);
      return Gateway.open(engine, options, surroundings.user());
    } catch (ListenException e) {
      String what = String.valueOf(e.getMessage());
      throw switch (e.fault()) {
        case ADDRESS -> new CliFault(CliFault.FAILURE, what, ListenAddress.CHOOSE_ANOTHER);
        case CERTIFICATE -> new CliFault(CliFault.FAILURE, what);
      };
    }
  }

  private GatewayKeys keys() throws CliFault {
    try {
      return switch (settings.callers()) {
        case NOT_CHECKED -> GatewayKeys.none(surroundings);
        case WITH_EXISTING_KEYS ->
            settings.issuers().isEmpty()
                ? GatewayKeys.existing(surroundings)
                : GatewayKeys.anyThatCome(surroundings);
        case WITH_KEY_FOR_A_DAY, WITH_KEY_FOR_THIS_RUN ->
            GatewayKeys.withOneFor(surroundings, settings.name());
      };
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }
}
