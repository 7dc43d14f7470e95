package dev.sallyport.gateway.config;

import dev.sallyport.gateway.federation.ToolRules;
import dev.sallyport.transport.outbound.OutboundProxy;
import dev.sallyport.upstream.ChildCommand;
import dev.sallyport.upstream.Sharing;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.sandbox.ResourceLimits;
import dev.sallyport.upstream.sandbox.SandboxChoice;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes one server as a file has it. */
final class ServerText {
  private final ServerConfig server;
  private final Path folder;
  private final List<String> keys;
  private final Map<List<String>, String> written;

  /**
   * @param keys that lead to it
   * @param written as {@link ConfigText#of} has it
   */
  ServerText(
      ServerConfig server, Path folder, List<String> keys, Map<List<String>, String> written) {
    this.server = server;
    this.folder = folder;
    this.keys = keys;
    this.written = written;
  }

  void write(YamlGroup out) {
    switch (server.backend()) {
      case Backend.Command(ChildCommand command, SandboxWishes sandbox) -> {
        command(out, command);
        common(out, Sharing.DEFAULT);
        sandbox(out, sandbox);
      }
      case Backend.Remote remote -> {
        remote(out, remote);
        common(out, Sharing.ELSEWHERE);
      }
    }
    tools(out, server.tools());
  }

  private void command(YamlGroup out, ChildCommand command) {
    out.put("command", command.command().getFirst());
    List<String> arguments = command.command().subList(1, command.command().size());
    if (!arguments.isEmpty()) {
      out.put("args", arguments);
    }
    YamlGroup env = out.branch("env");
    new TreeMap<>(command.environment()).forEach((name, value) -> put(env, "env", name, value));
    command.inherited().forEach(name -> env.putWritten(name, "${" + name + "}"));
    command
        .directory()
        .filter(directory -> !directory.equals(folder))
        .ifPresent(directory -> out.put("cwd", directory.toString()));
  }

  private void put(YamlGroup group, String of, String name, String value) {
    List<String> path = new ArrayList<>(keys);
    path.add(of);
    path.add(name);
    group.putWritten(
        name, ConfigText.find(written, path).orElseGet(() -> YamlGroup.literal(value)));
  }

  private void remote(YamlGroup out, Backend.Remote remote) {
    out.put("url", remote.url().toString());
    YamlGroup headers = out.branch("headers");
    remote.fields().forEach((name, value) -> put(headers, "headers", name, value));
    remote.authorities().ifPresent(file -> out.put("ca", file.toString()));
    remote
        .identity()
        .ifPresent(
            files -> {
              out.put("client-cert", files.certificate().toString());
              out.put("client-key", files.key().toString());
            });
    switch (remote.proxy()) {
      case ProxyChoice.AsEnvironment _ -> {}
      case ProxyChoice.Direct _ -> out.put("proxy", "none");
      case ProxyChoice.Through(OutboundProxy proxy) -> out.put("proxy", url(proxy));
    }
  }

  private static String url(OutboundProxy proxy) {
    String scheme =
        switch (proxy.kind()) {
          case CONNECT -> "http://";
          case SOCKS5 -> "socks5://";
        };
    String login =
        proxy
            .login()
            .map(some -> encoded(some.user()) + ":" + encoded(some.password()) + "@")
            .orElse("");
    return scheme + login + new HostPort(proxy.host(), proxy.port());
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void common(YamlGroup out, Sharing standard) {
    String made = ServersReader.prefix(server.name()).orElse("");
    ConfigText.unless(made, server.prefix(), out, "prefix");
    UpstreamOptions options = server.options();
    Sharing sharing = options.sharing();
    ConfigText.unless("auto", ConfigReader.word(options.era()), out, "era");
    ConfigText.unless(
        UpstreamOptions.DEFAULT.patience().call(), options.patience().call(), out, "timeout");
    ConfigText.unless("caller", ConfigReader.word(sharing.isolation()), out, "isolation");
    number(standard.children(), sharing.children(), out, "children");
    number(standard.childrenPerCaller(), sharing.childrenPerCaller(), out, "children-per-caller");
    ConfigText.unless(standard.idle(), sharing.idle(), out, "idle");
    ConfigText.unlessBare("false", Boolean.toString(sharing.warmSpare()), out, "warm-spare");
    ConfigText.unlessBare("false", Boolean.toString(server.passBaggage()), out, "pass-baggage");
  }

  private static void number(int standard, int number, YamlGroup out, String key) {
    ConfigText.unlessBare(Integer.toString(standard), Integer.toString(number), out, key);
  }

  private static void sandbox(YamlGroup out, SandboxWishes wishes) {
    ConfigText.unless("auto", wishes.choice().text(), out, "sandbox");
    paths(out, "allow-read", wishes.read());
    paths(out, "allow-write", wishes.write());
    ConfigText.unlessBare("false", Boolean.toString(wishes.network()), out, "allow-net");
    limits(
        out.branch("limits"),
        wishes.limits(),
        wishes.choice() == SandboxChoice.NONE ? ResourceLimits.UNLIMITED : ResourceLimits.DEFAULT);
    wishes.account().ifPresent(account -> out.put("user", account.name()));
  }

  private static void paths(YamlGroup out, String key, List<Path> paths) {
    if (!paths.isEmpty()) {
      out.put(key, paths.stream().map(Path::toString).toList());
    }
  }

  private static void limits(YamlGroup out, ResourceLimits limits, ResourceLimits standard) {
    if (!limits.memory().equals(standard.memory())) {
      limits.memory().ifPresent(bytes -> out.put("memory", size(bytes)));
    }
    if (!limits.processes().equals(standard.processes())) {
      limits.processes().ifPresent(count -> out.putBare("processes", Integer.toString(count)));
    }
    if (!limits.files().equals(standard.files())) {
      limits.files().ifPresent(count -> out.putBare("files", Integer.toString(count)));
    }
    limits
        .cpus()
        .ifPresent(
            cpus ->
                out.putBare("cpus", BigDecimal.valueOf(cpus).stripTrailingZeros().toPlainString()));
  }

  private static String size(long bytes) {
    for (int power = 3; power > 0; power--) {
      long unit = 1L << (10 * power);
      if (bytes % unit == 0) {
        return bytes / unit + "" + " kmg".charAt(power);
      }
    }
    return Long.toString(bytes);
  }

  private static void tools(YamlGroup out, ToolRules rules) {
    YamlGroup tools = out.branch("tools");
    if (!rules.allow().isEmpty()) {
      tools.put("allow", rules.allow());
    }
    if (!rules.deny().isEmpty()) {
      tools.put("deny", rules.deny());
    }
    YamlGroup rename = tools.branch("rename");
    new TreeMap<>(rules.rename()).forEach(rename::put);
  }
}
