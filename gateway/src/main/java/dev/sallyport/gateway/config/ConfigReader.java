package dev.sallyport.gateway.config;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.gateway.Limits;
import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.gateway.config.Listening.Callers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a configuration file, strictly, and finds all its faults at once. It looks at the files
 * that the configuration names and at nothing on the network, changes nothing, and throws nothing
 * whatever the file holds.
 *
 * {@snippet :
 * switch (ConfigReader.read(Path.of("sallyport.yaml"), System.getenv())) {
 *   case Reading.Sound(var config, var remarks, var effective) -> serve(config);
 *   case Reading.Faulty(var faults) -> faults.forEach(fault -> say(fault.told("sallyport.yaml")));
 * }
 * }
 */
public final class ConfigReader {
  /** Bytes of the file. */
  public static final int MOST_BYTES = 1024 * 1024;

  private static final Kind<Callers> CALLERS = Kinds.choice(words(Callers.values()));

  private final Path folder;
  private final Map<String, String> environment;
  private final Findings findings = new Findings();
  private final YamlGroup effective = new YamlGroup();

  private ConfigReader(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * @param environment where the file's variables come from, and what takes the place of its values
   */
  public static Reading read(Path file, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath();
    return switch (FileText.read(absolute, MOST_BYTES)) {
      case FileText.Text(String text) ->
          read(text, Optional.ofNullable(absolute.getParent()).orElse(absolute), environment);
      case FileText.Unreadable(String why) -> faulty(new Place.WholeFile(), "this file " + why);
      case FileText.NotUtf8(int line, int column) ->
          faulty(
              new Place.InText(line, column), "this is not UTF-8; save the file in that encoding");
    };
  }

  private static Reading faulty(Place place, String text) {
    return new Reading.Faulty(List.of(new ConfigFault(place, text)));
  }

  /**
   * @param folder where paths start that are not absolute
   */
  public static Reading read(String text, Path folder, Map<String, String> environment) {
    return new ConfigReader(folder, environment).read(text);
  }

  private Reading read(String text) {
    Optional<Node> document = YamlText.read(text, findings);
    if (document.isEmpty()) {
      if (findings.sound()) {
        findings.fault(new Place.WholeFile(), "this file says nothing; it needs servers");
      }
      return new Reading.Faulty(findings.faults());
    }
    return switch (document.get()) {
      case Node.Mapping root -> read(root);
      case Node.Sequence list -> noGroup(list.place(), "a list");
      case Node.Scalar scalar -> noGroup(scalar.place(), "a single value");
      case Node.Unread told -> new Reading.Faulty(findings.faults());
    };
  }

  private Reading noGroup(Place place, String found) {
    findings.fault(place, found + " is not a configuration; it has keys such as  servers:");
    return new Reading.Faulty(findings.faults());
  }

  private Reading read(Node.Mapping written) {
    Node.Mapping root = new Overrides(environment, folder, findings).apply(written);
    Desk desk = new Desk(findings, new Expansion(environment, folder, true));
    Group group = Group.root(root, desk, effective);
    Listening listening = listening(group);
    AdminConfig admin = admin(group, listening.address());
    TelemetryReader.Read telemetry =
        new TelemetryReader(new StandardVariables(environment, findings)).read(group);
    ServingLimits limits = limits(group);
    LogConfig log = LogReader.read(group, telemetry.service());
    List<Issuer> issuers = IssuersReader.read(group);
    checkCallers(group, listening.callers(), issuers);
    if (!issuers.isEmpty() && !listening.proxies().isEmpty() && listening.publicUrl().isEmpty()) {
      group.fault(
          "behind-proxy", "needs public-url where there are issuers: tokens are for that URL");
    }
    ServersReader servers = new ServersReader(environment, folder);
    ServersReader.Servers read = servers.read(group);
    List<RouteConfig> routes = new RoutesReader(read).read(group);
    return findings.sound()
        ? new Reading.Sound(
            new Config(
                listening,
                admin,
                telemetry.config(),
                limits,
                log,
                issuers,
                read.enabled(),
                read.disabled(),
                routes),
            findings.remarks(),
            effective.yaml())
        : new Reading.Faulty(findings.faults());
  }

  private Listening listening(Group root) {
    LocalFiles files = new LocalFiles(folder, true);
    HostPort address = root.read("listen", Kinds.HOST_PORT, "127.0.0.1:8080");
    Group tls = root.group("tls", Keys.TLS);
    if (root.has("tls") && tls.names().isEmpty() && findings.sound()) {
      root.fault("tls", "needs cert and key");
    }
    return new Listening(
        address,
        files.identity(tls, "cert", "key"),
        root.list("behind-proxy", Kinds.CIDR).stream().map(Located::value).toList(),
        root.find("public-url", Kinds.PUBLIC_URL),
        root.read("callers", CALLERS, "keys"));
  }

  private static void checkCallers(Group root, Callers callers, List<Issuer> issuers) {
    switch (callers) {
      case KEYS -> {}
      case TOKENS -> {
        if (issuers.isEmpty() && !root.has("issuers")) {
          root.fault("callers", "needs issuers, whose tokens these are");
        }
      }
      case ANYONE -> {
        if (root.has("issuers")) {
          root.fault("callers", "lets anyone in, so that issuers have no meaning");
        }
      }
    }
  }

  private static AdminConfig admin(Group root, HostPort listen) {
    AdminConfig admin = root.read("admin", Kinds.HOST_PORT_OR_OFF, "127.0.0.1:9090");
    if (listen.port() != 0 && admin.equals(new AdminConfig.At(listen))) {
      root.fault("admin", "is where callers come in; give it a port of its own, or write off");
    }
    return admin;
  }

  private static ServingLimits limits(Group root) {
    Group limits = root.group("limits", Keys.LIMITS);
    return new ServingLimits(
        limits.read("max-body", Kinds.whole(1_024, 1 << 30, 4_194_304), "4194304"),
        new Limits.Bounds(
            limits.read("requests-per-second", Kinds.whole(1, 1_000_000, 1_000), "1000"),
            limits.read("burst", Kinds.whole(1, 1_000_000, 2_000), "2000"),
            Limits.Bounds.DEFAULT.callers()),
        limits.read("drain", Kinds.time("1s", "10m", "10s"), "10s"),
        limits.read("drain-delay", Kinds.time("0s", "5m", "5s"), "0s"));
  }

  /** The constants by their names as files have them: small letters. */
  static <E extends Enum<E>> Map<String, E> words(E[] constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(word(constant), constant);
    }
    return words;
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
