package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.TlsFiles;
import dev.sallyport.transport.outbound.DirectHosts;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.http.RemoteServer;
import dev.sallyport.upstream.sandbox.Account;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what a server is: a command and its sandbox, or a URL and the way to it. */
final class BackendReader {
  /** Keys that make sense for a command alone. */
  static final List<String> OF_COMMAND =
      List.of(
          "args",
          "env",
          "cwd",
          "sandbox",
          "allow-read",
          "allow-write",
          "allow-net",
          "limits",
          "user");

  /** Keys that make sense for a URL alone. */
  static final List<String> OF_URL = List.of("headers", "ca", "client-cert", "client-key", "proxy");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final Kind<String> PROGRAM =
      Kind.text(
          "the name of a program",
          "npx",
          text -> Optional.of(text).filter(some -> !some.isBlank() && ChildCommand.canHold(some)));

  private static final Kind<SandboxChoice> SANDBOX =
      Kinds.choice(ConfigReader.words(SandboxChoice.values()));

  private final Group group;
  private final LocalFiles files;
  private final Map<String, String> environment;

  BackendReader(Group group, LocalFiles files, Map<String, String> environment) {
    this.group = group;
    this.files = files;
    this.environment = environment;
  }

  Optional<Backend> command() {
    Optional<String> program = group.find("command", PROGRAM);
    List<String> words = new ArrayList<>(program.stream().toList());
    group.arguments("args", Kinds.AS_WRITTEN).forEach(word -> words.add(word.value()));
    Map<String, String> variables = variables();
    Path directory = group.find("cwd", files.directory()).orElse(files.folder());
    SandboxWishes sandbox = sandbox();
    return program.map(
        some ->
            new Backend.Command(
                new ChildCommand(words, variables, List.of(), Optional.of(directory)), sandbox));
  }

  private Map<String, String> variables() {
    Group env = group.named("env", "{LOG: debug}");
    Map<String, String> variables = new LinkedHashMap<>();
    for (Located<String> name : env.names()) {
      if (!VARIABLE.matcher(name.value()).matches()) {
        env.fault(name.value(), "is not a variable's name: letters, digits and _, no digit first");
      } else {
        env.findSecret(name.value(), Kinds.AS_WRITTEN)
            .ifPresent(value -> variables.put(name.value(), value));
      }
    }
    return variables;
  }

  private SandboxWishes sandbox() {
    SandboxChoice choice = group.read("sandbox", SANDBOX, "auto");
    List<Path> read = files.all(group, "allow-read");
    List<Path> write = files.all(group, "allow-write");
    boolean network = group.read("allow-net", Kinds.BOOLEAN, "false");
    ResourceLimits limits = limits(choice);
    Optional<Account> account = group.find("user", files.user());
    return new SandboxWishes(choice, limits, read, write, network, account);
  }

  /** Without a sandbox there are only the limits that somebody asked for, as with {@code share}. */
  private ResourceLimits limits(SandboxChoice choice) {
    Group limits = group.group("limits", Keys.SERVER_LIMITS);
    ResourceLimits all =
        choice == SandboxChoice.NONE ? ResourceLimits.UNLIMITED : ResourceLimits.DEFAULT;
    for (Kind<String> kind :
        List.of(
            Kinds.limit(
                "memory",
                "a size of 16m or more, with k, m or g",
                "2g",
                Node.Type.TEXT,
                Node.Type.WHOLE),
            Kinds.limit("processes", "a whole number from 1 to 9999999", "256", Node.Type.WHOLE),
            Kinds.limit("files", "a whole number from 16 to 9999999", "1024", Node.Type.WHOLE),
            Kinds.limit(
                "cpus",
                "a number from 0.01 to 9999.99 with two decimals at most",
                "1.5",
                Node.Type.WHOLE,
                Node.Type.DECIMAL))) {
      String name = limitOf(kind);
      boolean standard = choice != SandboxChoice.NONE && !name.equals("cpus");
      Optional<String> setting =
          standard ? Optional.of(limits.read(name, kind, kind.example())) : limits.find(name, kind);
      all = setting.flatMap(all::with).orElse(all);
    }
    return all;
  }

  private static String limitOf(Kind<String> kind) {
    String setting = kind.parse(kind.example()).orElseThrow();
    return setting.substring(0, setting.indexOf('='));
  }

  /**
   * @param key which holds the URL
   */
  Optional<Backend> remote(String key) {
    Optional<HttpUrl> url = group.find(key, Kinds.URL);
    HttpFields fields = fields();
    Optional<Path> authorities = files.certificates(group, "ca");
    Optional<TlsFiles> identity = files.identity(group, "client-cert", "client-key");
    String direct =
        Optional.ofNullable(environment.get("no_proxy"))
            .or(() -> Optional.ofNullable(environment.get("NO_PROXY")))
            .orElse("");
    ProxyChoice proxy =
        group
            .findSecret("proxy", Kinds.proxy(DirectHosts.of(direct)))
            .orElse(new ProxyChoice.AsEnvironment());
    return url.map(some -> new Backend.Remote(some, fields, authorities, identity, proxy));
  }

  private HttpFields fields() {
    return HeaderFields.read(group.named("headers", "{X-Team: blue}"), RemoteServer::says);
  }
}
