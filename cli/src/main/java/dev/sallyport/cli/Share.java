package dev.sallyport.cli;

import dev.sallyport.access.AccessException;
import dev.sallyport.access.KeyRing;
import dev.sallyport.access.KeyStore;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.Sites;
import dev.sallyport.gateway.Cidr;
import dev.sallyport.gateway.Exposure;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.GatewayOptions;
import dev.sallyport.gateway.Limits;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.ChildServer;
import dev.sallyport.upstream.ServerFacts;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.StartFailure;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Shares one stdio server until it is told to stop. Both {@code share} and {@code demo} are this,
 * with other settings.
 */
final class Share {
  static final String PATH = "/mcp";
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Sallyport.Surroundings surroundings;
  private final Settings settings;

  /**
   * What to share, and how.
   *
   * @param name what clients may call it
   * @param checkCallers false only with {@code --no-auth}
   * @param makeKey whether a key is made and shown
   * @param proxies the peers that may connect besides this machine
   * @param hints what to do next, printed last
   */
  record Settings(
      String name,
      ChildCommand command,
      UpstreamOptions upstream,
      ListenAddress listen,
      Optional<TlsFiles> tls,
      List<Cidr> proxies,
      Optional<URI> publicUrl,
      boolean checkCallers,
      boolean makeKey,
      int maxBody,
      boolean json,
      Hints hints) {}

  /** Prints what to do next; there is no key when nobody is checked. */
  interface Hints {
    void print(Screen screen, String url, Optional<String> key);
  }

  Share(Sallyport.Surroundings surroundings, Settings settings) {
    this.surroundings = surroundings;
    this.settings = settings;
  }

  /** Serves until SIGTERM or SIGINT, then ends in good order. */
  int run() throws CliFault {
    boolean thisMachineOnly = judge();
    try (Stop stop = Stop.install();
        GatewayKeys keys = keys();
        ChildServer server = start();
        Gateway gateway = open(keys.ring(), server, thisMachineOnly)) {
      announce(server.facts(), gateway.address(), keys, thisMachineOnly);
      keys.wereShown();
      stop.await();
      surroundings.screen().say("stopping…");
      gateway.drain(DRAIN);
      return 0;
    } catch (AccessException e) {
      throw KeysCommand.fault(e);
    }
  }

  private boolean judge() throws CliFault {
    Exposure exposure =
        new Exposure(
            settings.listen().address(),
            settings.checkCallers(),
            settings.tls().isPresent(),
            settings.proxies(),
            settings.publicUrl().isPresent());
    return switch (exposure.judge()) {
      case Exposure.Verdict.Safe(boolean local) -> local;
      case Exposure.Verdict.Unsafe(List<String> lines) -> {
        List<String> refusal = new java.util.ArrayList<>(lines);
        refusal.set(0, "refused: " + lines.getFirst());
        throw new CliFault(CliFault.CONFIG, refusal);
      }
    };
  }

  private ChildServer start() throws CliFault {
    try {
      return ChildServer.open(settings.name(), settings.command(), settings.upstream());
    } catch (StartException e) {
      throw new CliFault(exitCode(e.failure()), String.valueOf(e.getMessage()));
    }
  }

  private static int exitCode(StartFailure failure) {
    return switch (failure) {
      case NOT_FOUND -> CliFault.NOT_FOUND;
      case NOT_EXECUTABLE -> CliFault.NOT_EXECUTABLE;
      case NO_DIRECTORY -> CliFault.USAGE;
      case NOT_STARTED, DIED, SILENT, INCOMPATIBLE, REJECTED -> CliFault.UNAVAILABLE;
    };
  }

  private Gateway open(Optional<KeyRing> ring, ChildServer server, boolean thisMachineOnly)
      throws CliFault {
    ListenOptions defaults =
        ListenOptions.at(settings.listen().address().getHostAddress(), settings.listen().port());
    ListenOptions listen =
        defaults.withBounds(
            settings.maxBody(),
            defaults.maxHead(),
            defaults.maxConnections(),
            defaults.maxConcurrent());
    ListenOptions secured = settings.tls().map(listen::withTls).orElse(listen);
    EndpointOptions endpoint =
        EndpointOptions.of(settings.name(), PATH).withSites(sites(thisMachineOnly));
    try {
      GatewayOptions options =
          new GatewayOptions(secured, endpoint, ring, settings.proxies(), Limits.Bounds.DEFAULT);
      return Gateway.open(options, server, surroundings.user());
    } catch (ListenException e) {
      String what = String.valueOf(e.getMessage());
      throw what.startsWith("cannot listen")
          ? new CliFault(
              CliFault.FAILURE, what, "choose another with  --listen 127.0.0.1:0  (any free port)")
          : new CliFault(CliFault.FAILURE, what);
    }
  }

  /**
   * The hosts it answers to: this machine's names, what was listened on by name or address, and the
   * public URL.
   */
  private Sites sites(boolean thisMachineOnly) {
    Set<String> hosts = new HashSet<>();
    Set<String> origins = new HashSet<>();
    settings
        .publicUrl()
        .ifPresent(
            url -> {
              hosts.add(url.getHost());
              origins.add(url.getScheme() + "://" + url.getRawAuthority());
            });
    if (!settings.listen().address().isAnyLocalAddress()) {
      hosts.add(bracketed(settings.listen().address().getHostAddress()));
    }
    if (!settings.listen().host().isEmpty()) {
      hosts.add(bracketed(settings.listen().host()));
    }
    return new Sites(
        thisMachineOnly || settings.listen().address().isLoopbackAddress(), hosts, origins);
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private GatewayKeys keys() throws CliFault, AccessException {
    if (!settings.checkCallers()) {
      return GatewayKeys.none(surroundings);
    }
    return settings.makeKey()
        ? GatewayKeys.withOneFor(surroundings, settings.name())
        : GatewayKeys.existing(surroundings);
  }

  private void announce(
      ServerFacts facts, InetSocketAddress address, GatewayKeys keys, boolean thisMachineOnly) {
    String url = url(address);
    Screen screen = surroundings.screen();
    screen.done("started", facts.summary());
    screen.done(
        "serving", url + "   " + reach(thisMachineOnly) + " · speaks " + VersionCommand.overHttp());
    if (!settings.checkCallers()) {
      screen.warn(
          "callers    NOT CHECKED (--no-auth): every program on this machine can call every tool");
    }
    keys.made().ifPresent(made -> announce(made, screen));
    if (settings.checkCallers() && keys.made().isEmpty()) {
      screen.done("callers", "your access keys (sallyport keys list)");
    }
    screen.done("isolation", "one child per caller (" + settings.upstream().bounds() + ")");
    if (settings.json()) {
      screen.answer(readyLine(facts, url, keys));
    } else {
      Optional<String> shown = keys.made().map(made -> made.secret().reveal());
      settings
          .hints()
          .print(
              screen,
              url,
              settings.checkCallers() ? shown.or(() -> Optional.of("YOUR_KEY")) : Optional.empty());
    }
  }

  private void announce(KeyStore.Issued made, Screen screen) {
    String shown = settings.json() ? "in the JSON line" : made.secret().reveal();
    screen.done(
        "callers", "1 access key made for you (shown once)  " + shown + "  expires in 24 h");
  }

  private String url(InetSocketAddress address) {
    if (settings.publicUrl().isPresent()) {
      return settings.publicUrl().get().toString();
    }
    String scheme = settings.tls().isPresent() ? "https://" : "http://";
    String host =
        address.getAddress().isAnyLocalAddress() || settings.listen().host().isEmpty()
            ? "localhost"
            : bracketed(settings.listen().host());
    return scheme + host + ":" + address.getPort() + PATH;
  }

  private static String reach(boolean thisMachineOnly) {
    return thisMachineOnly ? "this machine only" : "reachable from other machines";
  }

  private String readyLine(ServerFacts facts, String url, GatewayKeys keys) {
    JsonObject server =
        JsonObject.of("name", Json.of(facts.name()), "era", Json.of(facts.era()))
            .with("tools", Json.of(facts.tools()));
    JsonObject line = JsonObject.of("url", Json.of(url));
    if (keys.made().isPresent()) {
      line = line.with("key", keys.made().get().secret().reveal());
    }
    return line.with("pid", Json.of(ProcessHandle.current().pid()))
        .with("servers", Json.arrayOf(List.of(server.toJson())))
        .toJson()
        .text();
  }
}
