package dev.sallyport.gateway.config;

import dev.sallyport.access.token.ClaimNames;
import dev.sallyport.access.token.Issuer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a configuration as the file that it could have been read from: read again, it is the same.
 * What is as it is without a word is left out.
 *
 * <p>Servers that are switched off are not in a {@link Config} but by name, and are not written.
 */
public final class ConfigText {
  private final Config config;
  private final Path folder;
  private final Map<List<String>, String> written;

  private ConfigText(Config config, Path folder, Map<List<String>, String> written) {
    this.config = config;
    this.folder = folder;
    this.written = written;
  }

  /**
   * The file, secrets included.
   *
   * @param folder where the file will be, absolute
   * @param written what to write for a value that is to come from elsewhere each time it is read,
   *     {@code ${TOKEN}} for example, by its keys from the top: {@code servers, notes, env, TOKEN}
   */
  public static YamlGroup of(Config config, Path folder, Map<List<String>, String> written) {
    return new ConfigText(config, folder, written).root();
  }

  private YamlGroup root() {
    YamlGroup root = new YamlGroup();
    listening(root);
    issuers(root);
    telemetry(root.branch("telemetry"));
    limits(root.branch("limits"));
    log(root.branch("log"));
    boolean fit =
        config.servers().stream().allMatch(each -> each.name().matches(ServersReader.FIT));
    String block = fit ? "servers" : "mcpServers";
    YamlGroup servers = root.branch(block);
    for (ServerConfig server : config.servers()) {
      new ServerText(server, folder, List.of(block, server.name()), written)
          .write(servers.branch(server.name()));
    }
    routes(root);
    return root;
  }

  private void listening(YamlGroup root) {
    Listening listening = config.listening();
    unless("127.0.0.1:8080", listening.address().toString(), root, "listen");
    listening
        .tls()
        .ifPresent(
            files -> {
              YamlGroup tls = root.branch("tls");
              tls.put("cert", files.certificate().toString());
              tls.put("key", files.key().toString());
            });
    if (!listening.proxies().isEmpty()) {
      root.put("behind-proxy", listening.proxies().stream().map(Object::toString).toList());
    }
    listening.publicUrl().ifPresent(url -> root.put("public-url", url.toString()));
    unless("keys", ConfigReader.word(listening.callers()), root, "callers");
    String admin =
        switch (config.admin()) {
          case AdminConfig.Off _ -> "off";
          case AdminConfig.At(HostPort at) -> at.toString();
        };
    unless("127.0.0.1:9090", admin, root, "admin");
  }

  private void issuers(YamlGroup root) {
    for (Issuer each : config.issuers()) {
      YamlGroup issuer = root.item("issuers");
      issuer.put("issuer", each.name());
      each.keys().ifPresent(url -> issuer.put("keys", url.toString()));
      unlessSame(sorted(Issuer.USUAL_ALGORITHMS), sorted(each.algorithms()), issuer, "algorithms");
      unlessSame(List.of(), sorted(each.audiences()), issuer, "audiences");
      unless("at+jwt", IssuersReader.text(each.type()), issuer, "access-tokens");
      ClaimNames usual = ClaimNames.USUAL;
      YamlGroup claims = issuer.branch("claims");
      unlessSame(usual.scopes(), each.claims().scopes(), claims, "scopes");
      unlessSame(usual.groups(), each.claims().groups(), claims, "groups");
      unlessSame(usual.client(), each.claims().client(), claims, "client");
      unlessSame(usual.person(), each.claims().person(), claims, "person");
      each.introspection()
          .ifPresent(
              by -> {
                YamlGroup introspection = issuer.branch("introspection");
                introspection.put("url", by.url().toString());
                introspection.put("client-id", by.clientId());
                introspection.put("client-secret", by.clientSecret());
              });
      YamlGroup includes = issuer.branch("scope-includes");
      new TreeMap<>(each.includes())
          .forEach((scope, others) -> includes.put(scope, sorted(others)));
    }
  }

  /** What comes from variables of OpenTelemetry's own is left to them. */
  private void telemetry(YamlGroup telemetry) {
    switch (config.telemetry()) {
      case TelemetryConfig.Off _ -> {}
      case TelemetryConfig.To to -> {
        telemetry.put("otlp", to.endpoint().toString());
        YamlGroup headers = telemetry.branch("headers");
        to.headers().forEach(headers::put);
        to.traces()
            .ifPresentOrElse(
                ratio -> unlessBare("1", Kinds.plain(ratio), telemetry, "traces"),
                () -> telemetry.put("traces", "off"));
        unlessBare("false", Boolean.toString(to.followCallers()), telemetry, "follow-callers");
        unless("1m", to.metrics().map(ConfigText::time).orElse("off"), telemetry, "metrics");
        unless("sallyport", to.serviceName(), telemetry, "service-name");
      }
    }
  }

  private void limits(YamlGroup limits) {
    ServingLimits all = config.limits();
    unlessBare("4194304", Integer.toString(all.maxBody()), limits, "max-body");
    unlessBare("1000", Integer.toString(all.rate().perSecond()), limits, "requests-per-second");
    unlessBare("2000", Integer.toString(all.rate().burst()), limits, "burst");
    unless(Duration.ofSeconds(10), all.drain(), limits, "drain");
    unless(Duration.ZERO, all.drainDelay(), limits, "drain-delay");
  }

  private void log(YamlGroup log) {
    unless("info", ConfigReader.word(config.log().level()), log, "level");
    unless("auto", ConfigReader.word(config.log().format()), log, "format");
    YamlGroup levels = log.branch("levels");
    new TreeMap<>(config.log().levels())
        .forEach((logger, level) -> levels.put(logger, ConfigReader.word(level)));
  }

  private void routes(YamlGroup root) {
    List<String> all = config.servers().stream().map(ServerConfig::name).toList();
    if (config.routes().equals(List.of(RouteConfig.standard(all)))) {
      return;
    }
    for (RouteConfig each : config.routes()) {
      YamlGroup route = root.item("routes");
      route.put("path", each.path());
      unless("sallyport", each.name(), route, "name");
      if (!each.servers().equals(all)) {
        route.put("servers", each.servers());
      }
      unless("when-several", each.prefixes().text(), route, "prefixes");
      unlessBare("false", Boolean.toString(each.sse()), route, "sse");
      unlessSame(List.of(), sorted(each.scopes().always()), route, "scopes");
      YamlGroup tools = route.branch("tool-scopes");
      each.scopes().tools().forEach(rule -> tools.put(rule.pattern(), sorted(rule.scopes())));
    }
  }

  private static void unlessSame(
      List<String> standard, List<String> texts, YamlGroup group, String key) {
    if (!texts.equals(standard)) {
      group.put(key, texts);
    }
  }

  private static List<String> sorted(Set<String> texts) {
    return texts.stream().sorted().toList();
  }

  static void unless(String standard, String text, YamlGroup group, String key) {
    if (!text.equals(standard)) {
      group.put(key, text);
    }
  }

  static void unlessBare(String standard, String text, YamlGroup group, String key) {
    if (!text.equals(standard)) {
      group.putBare(key, text);
    }
  }

  /** A time with the largest unit that gives a whole number of it. */
  public static String time(Duration time) {
    if (time.toMillisPart() != 0) {
      return time.toMillis() + "ms";
    }
    if (time.toSecondsPart() != 0) {
      return time.toSeconds() + "s";
    }
    return time.toMinutesPart() == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
  }

  /** The same where the usual word for it is another: {@code 60s}. */
  static void unless(Duration standard, Duration time, YamlGroup group, String key) {
    if (!time.equals(standard)) {
      group.put(key, time(time));
    }
  }

  /** What is to be written in place of a value, if it is to come from elsewhere. */
  static Optional<String> find(Map<List<String>, String> written, List<String> keys) {
    return Optional.ofNullable(written.get(keys));
  }
}
