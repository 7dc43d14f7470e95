package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.upstream.EraChoice;
import dev.sallyport.upstream.Isolation;
import dev.sallyport.upstream.Sharing;
import dev.sallyport.upstream.UpstreamOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one server. */
final class ServerReader {
  private static final String PREFIX = "[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?";
  private static final Kind<EraChoice> ERA = Kinds.choice(ConfigReader.words(EraChoice.values()));
  private static final Kind<Isolation> ISOLATION =
      Kinds.choice(ConfigReader.words(Isolation.values()));
  private static final Kind<Duration> TIMEOUT = Kinds.time("1s", "24h", "60s");
  private static final Kind<Duration> IDLE = Kinds.time("1s", "168h", "30m");
  private static final Kind<Boolean> TYPE = Kinds.choice(types());

  /** The names of a URL, ours first. */
  private static final List<String> URLS = List.of("url", "httpUrl", "serverUrl");

  private final Located<String> name;
  private final Group group;
  private final boolean enabled;
  private final BackendReader backends;

  ServerReader(Group servers, Located<String> name, Map<String, String> environment, Path folder) {
    this.name = name;
    Group server = servers.group(name.value(), Keys.SERVER);
    enabled = enabled(server);
    // Nothing has to be there for a server that is not started, or it could not be switched off.
    Desk desk = new Desk(server.desk().findings(), new Expansion(environment, folder, enabled));
    group = server.with(desk);
    backends = new BackendReader(group, new LocalFiles(folder, enabled), environment);
  }

  /** What {@code type} may be, and whether it means a command. */
  private static Map<String, Boolean> types() {
    Map<String, Boolean> types = new LinkedHashMap<>();
    types.put("stdio", true);
    for (String ofUrl : List.of("http", "streamable-http", "streamableHttp", "sse")) {
      types.put(ofUrl, false);
    }
    return types;
  }

  private static boolean enabled(Group server) {
    if (server.has("enabled") && server.has("disabled")) {
      server.fault("disabled", "and enabled say the same; leave one of them out");
    }
    Optional<Boolean> disabled = server.find("disabled", Kinds.BOOLEAN);
    return disabled.isPresent() ? !disabled.get() : server.read("enabled", Kinds.BOOLEAN, "true");
  }

  boolean enabled() {
    return enabled;
  }

  /** Empty when it is not clear what it is, which has then been told. */
  Optional<ServerConfig> read() {
    Optional<String> urlKey = urlKey();
    Optional<Backend> backend =
        group.has("command") ? backends.command() : urlKey.flatMap(key -> backends.remote(key));
    boolean remote = urlKey.isPresent() && !group.has("command");
    String prefix = prefix();
    UpstreamOptions options =
        UpstreamOptions.DEFAULT
            .withEra(group.read("era", ERA, "auto"))
            .withCallTimeout(group.read("timeout", TIMEOUT, "60s"))
            .withSharing(sharing(remote));
    boolean baggage = group.read("pass-baggage", Kinds.BOOLEAN, "false");
    ToolRules tools = new ToolsReader(group).read();
    return backend.map(
        some ->
            new ServerConfig(name.value(), prefix, name.place(), some, options, tools, baggage));
  }

  /** Which key holds the URL; what contradicts is told. */
  private Optional<String> urlKey() {
    List<String> urls = URLS.stream().filter(group::has).toList();
    if (urls.size() > 1) {
      group.fault(urls.get(1), "says the same as " + urls.getFirst() + "; leave one of them out");
    }
    Optional<Boolean> ofCommand = group.find("type", TYPE);
    boolean command = group.has("command");
    if (command && !urls.isEmpty()) {
      group.fault(urls.getFirst(), "and command contradict each other; leave one of them out");
    } else if (command || !urls.isEmpty()) {
      refuseStrange(command);
      if (ofCommand.isPresent() && ofCommand.get() != command) {
        group.fault("type", "does not go with " + (command ? "command" : urls.getFirst()));
      }
    } else if (group.isWritten()) {
      group.desk().findings().fault(name.place(), group.path() + " needs a command or a url");
    }
    return urls.stream().findFirst();
  }

  /** What would be ignored without a word. */
  private void refuseStrange(boolean command) {
    List<String> strange = command ? BackendReader.OF_URL : BackendReader.OF_COMMAND;
    String why =
        command
            ? "is for a server at a url, and this one is a command"
            : "is for a command that is run here, and this one is at a url";
    strange.stream().filter(group::has).forEach(key -> group.fault(key, why));
  }

  private String prefix() {
    Optional<String> made = ServersReader.prefix(name.value());
    if (made.isEmpty() && !group.has("prefix")) {
      group
          .desk()
          .findings()
          .fault(
              name.place(),
              group.path()
                  + " needs a prefix: nothing of its name can be one; for example  prefix: notes");
    }
    return group.read(
        "prefix",
        Kinds.form(PREFIX, "1 to 24 of a-z 0-9 -, with a letter or a digit at both ends", "notes"),
        made.orElse("x"));
  }

  private Sharing sharing(boolean remote) {
    Sharing standard = remote ? Sharing.ELSEWHERE : Sharing.DEFAULT;
    Isolation isolation = group.read("isolation", ISOLATION, "caller");
    int children =
        group.read("children", Kinds.whole(1, 10_000, 20), Integer.toString(standard.children()));
    int perCaller =
        group.read(
            "children-per-caller",
            Kinds.whole(1, 10_000, 8),
            Integer.toString(standard.childrenPerCaller()));
    Duration idle = group.read("idle", IDLE, "30m");
    return standard
        .withIsolation(isolation)
        .withChildren(children, perCaller)
        .withIdle(idle)
        .withWarmSpare(group.read("warm-spare", Kinds.BOOLEAN, "false"));
  }
}
