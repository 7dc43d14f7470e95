package dev.sallyport.cli;

import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.RouteScopes;
import dev.sallyport.gateway.config.AdminConfig;
import dev.sallyport.gateway.config.Backend;
import dev.sallyport.gateway.config.Config;
import dev.sallyport.gateway.config.ConfigFault;
import dev.sallyport.gateway.config.ConfigReader;
import dev.sallyport.gateway.config.ConfigText;
import dev.sallyport.gateway.config.HostPort;
import dev.sallyport.gateway.config.Listening;
import dev.sallyport.gateway.config.LogConfig;
import dev.sallyport.gateway.config.Place;
import dev.sallyport.gateway.config.ProxyChoice;
import dev.sallyport.gateway.config.Reading;
import dev.sallyport.gateway.config.RouteConfig;
import dev.sallyport.gateway.config.SandboxWishes;
import dev.sallyport.gateway.config.ServerConfig;
import dev.sallyport.gateway.config.ServingLimits;
import dev.sallyport.gateway.config.TelemetryConfig;
import dev.sallyport.gateway.config.YamlGroup;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.sandbox.SandboxSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the flags of {@code share} come to, as {@code serve} takes it.
 *
 * @param written what is put in each time the file is read, by its keys
 */
record ShareConfig(
    Config config, Map<List<String>, String> written, Sallyport.Surroundings surroundings) {

  static ShareConfig of(
      Share.Settings settings, Arguments arguments, Sallyport.Surroundings surroundings)
      throws CliFault {
    Map<List<String>, String> written = new LinkedHashMap<>();
    ProxyChoice proxy = Reach.choice(arguments, surroundings.environment());
    for (Map.Entry<String, String> header : RemoteFlags.written(arguments).entrySet()) {
      written.put(
          List.of("servers", settings.name(), "headers", header.getKey()), header.getValue());
    }
    ServerConfig server =
        new ServerConfig(
            settings.name(),
            ServerConfig.prefixOf(settings.name()).orElseThrow(),
            new Place.WholeFile(),
            backend(settings.offered(), proxy),
            settings.upstream(),
            ToolRules.ALL);
    Config config =
        new Config(
            listening(settings),
            new AdminConfig.Off(),
            new TelemetryConfig.Off(),
            new ServingLimits(
                settings.serve().maxBody(), Limits.Bounds.DEFAULT, Share.DRAIN, Duration.ZERO),
            new LogConfig(LogConfig.Level.INFO, LogConfig.Format.AUTO, Map.of()),
            settings.issuers(),
            List.of(server),
            List.of(),
            List.of(
                new RouteConfig(
                    Share.PATH,
                    "sallyport",
                    List.of(settings.name()),
                    RouteConfig.Prefixes.WHEN_SEVERAL,
                    settings.serve().sse(),
                    RouteScopes.NONE)));
    return new ShareConfig(config, Map.copyOf(written), surroundings);
  }

  private static Backend backend(Offered offered, ProxyChoice proxy) {
    return switch (offered) {
      case Offered.Command(ChildCommand command, SandboxSettings sandbox) ->
          new Backend.Command(
              new ChildCommand(
                  command.command(),
                  command.environment(),
                  command.inherited(),
                  Optional.of(absolute(command.directory().orElse(Path.of(""))))),
              new SandboxWishes(
                  sandbox.choice(),
                  sandbox.limits(),
                  sandbox.read(),
                  sandbox.write(),
                  sandbox.network(),
                  sandbox.account()));
      case Offered.Remote(var url, var fields, Reach reach) ->
          new Backend.Remote(
              url,
              fields,
              reach.authorities().map(ShareConfig::absolute),
              reach.identity().map(ShareConfig::absolute),
              proxy);
    };
  }

  private static Listening listening(Share.Settings settings) throws CliFault {
    ServeFlags.Values flags = settings.serve();
    Optional<URI> publicUrl = flags.publicUrl();
    return new Listening(
        new HostPort(flags.listen().host(), flags.listen().port()),
        flags.tls().map(ShareConfig::absolute),
        flags.proxies(),
        publicUrl.isPresent() ? Optional.of(site(publicUrl.get())) : Optional.empty(),
        settings.callers().checked() ? Listening.Callers.KEYS : Listening.Callers.ANYONE);
  }

  /** In a file the path is that of the route. */
  private static URI site(URI url) throws CliFault {
    requireOurPath(url, "what is served from a file has");
    return URI.create(url.getScheme() + "://" + url.getRawAuthority());
  }

  /**
   * @param what of which that is so
   */
  static void requireOurPath(URI url, String what) throws CliFault {
    if (!Share.PATH.equals(url.getRawPath()) || url.getRawQuery() != null) {
      throw new CliFault(
          CliFault.USAGE,
          "--public-url " + url + ": " + what + " the path " + Share.PATH,
          "let the proxy keep that path:  --public-url "
              + url.getScheme()
              + "://"
              + url.getRawAuthority()
              + Share.PATH);
    }
  }

  private static TlsFiles absolute(TlsFiles files) {
    return new TlsFiles(absolute(files.certificate()), absolute(files.key()));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Writes it, once it is clear that it can be read. */
  int save(SavedFile file) throws CliFault {
    Doors.of(config.listening());
    YamlGroup root = ConfigText.of(config, file.folder(), written);
    root.remark(
        "admin", "share has none; without this line health and numbers are at 127.0.0.1:9090");
    String yaml = root.yaml();
    if (ConfigReader.read(yaml, file.folder(), surroundings.environment())
        instanceof Reading.Faulty(List<ConfigFault> faults)) {
      throw new CliFault(
          CliFault.CONFIG,
          "these flags make no configuration that can be served: " + faults.getFirst().text());
    }
    file.write(yaml);
    Screen screen = surroundings.screen();
    file.told(screen, config.servers().getFirst().name());
    if (config.listening().callers() == Listening.Callers.KEYS) {
      screen.say("  a key for each caller:  sallyport keys add NAME      (none is in the file)");
    }
    screen.say("  serve it:               sallyport serve --config " + file.name());
    return 0;
  }
}
