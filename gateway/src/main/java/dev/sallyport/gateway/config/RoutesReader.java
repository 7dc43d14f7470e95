package dev.sallyport.gateway.config;

import dev.sallyport.downstream.SsePaths;
import dev.sallyport.gateway.RouteScopes;
import dev.sallyport.gateway.config.Group.Located;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the routes, or makes the one that there is without them. */
final class RoutesReader {
  private static final Kind<String> PATH =
      Kinds.form(
          "(?=.{1,200}$)(/|(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+)",
          "a path of letters, digits and - _ . ~ that starts with / and ends without",
          "/mcp");
  private static final Kind<String> NAME =
      Kinds.form(
          ServersReader.FIT, "1 to 41 of A-Z a-z 0-9 _ -, with a letter or a digit first", "team");
  private static final Kind<RouteConfig.Prefixes> PREFIXES = Kinds.choice(prefixes());
  private static final Kind<String> SERVER = Kind.text("the name of a server", "", Optional::of);

  private final ServersReader.Servers servers;

  RoutesReader(ServersReader.Servers servers) {
    this.servers = servers;
  }

  private static Map<String, RouteConfig.Prefixes> prefixes() {
    Map<String, RouteConfig.Prefixes> words = new LinkedHashMap<>();
    for (RouteConfig.Prefixes each : RouteConfig.Prefixes.values()) {
      words.put(each.text(), each);
    }
    return words;
  }

  List<RouteConfig> read(Group root) {
    if (!root.has("routes")) {
      YamlGroup shown = root.effective().item("routes");
      RouteConfig standard = RouteConfig.standard(enabled());
      shown.put("path", standard.path());
      shown.put("name", standard.name());
      shown.put("servers", enabled());
      shown.put("prefixes", standard.prefixes().text());
      shown.putBare("sse", "false");
      return List.of(standard);
    }
    List<RouteConfig> routes = new ArrayList<>();
    Set<String> paths = new LinkedHashSet<>();
    for (Group group : root.groups("routes", Keys.ROUTE)) {
      Optional<String> path =
          group.has("path")
              ? group.find("path", PATH)
              : Optional.of(group.read("path", PATH, "/mcp"));
      if (path.isPresent() && !paths.add(path.get())) {
        group.fault("path", "is the path of another route too");
      }
      RouteConfig route = route(group, path.orElse("/mcp"));
      if (route.sse() && !addAll(paths, SsePaths.DEFAULT)) {
        group.fault("sse", "is served at /sse and /messages, and another route has one of them");
      }
      routes.add(route);
    }
    if (root.isEmptyList("routes")) {
      root.fault("routes", "has no route; leave it out for one at /mcp");
    }
    return List.copyOf(routes);
  }

  private static boolean addAll(Set<String> paths, SsePaths sse) {
    boolean stream = paths.add(sse.stream());
    return paths.add(sse.messages()) && stream;
  }

  private List<String> enabled() {
    return servers.enabled().stream().map(ServerConfig::name).toList();
  }

  private RouteConfig route(Group group, String path) {
    String name = group.read("name", NAME, "sallyport");
    if (!group.has("servers")) {
      group.effective().put("servers", enabled());
    }
    List<String> offered = group.has("servers") ? listed(group) : enabled();
    RouteConfig.Prefixes prefixes = group.read("prefixes", PREFIXES, "when-several");
    return new RouteConfig(
        path, name, offered, prefixes, group.read("sse", Kinds.BOOLEAN, "false"), scopes(group));
  }

  private static RouteScopes scopes(Group group) {
    Set<String> always = new LinkedHashSet<>();
    group.list("scopes", IssuersReader.SCOPE).stream().map(Located::value).forEach(always::add);
    if (always.remove("offline_access")) {
      group.fault("scopes", "has offline_access, which is between clients and issuers"); // RS-12
    }
    List<RouteScopes.OfTools> tools = new ArrayList<>();
    IssuersReader.scopesByName(group, "tool-scopes", ToolsReader.PATTERN, "{write_*: [mcp:write]}")
        .forEach((pattern, scopes) -> tools.add(new RouteScopes.OfTools(pattern, scopes)));
    return new RouteScopes(always, tools);
  }

  private List<String> listed(Group group) {
    Set<String> offered = new LinkedHashSet<>();
    List<Located<String>> names = group.list("servers", SERVER);
    for (Located<String> name : names) {
      if (!servers.named().contains(name.value())) {
        tell(group, name, unknown(name));
      } else if (!offered.add(name.value())) {
        tell(group, name, Shown.name(name.value()) + " is listed twice");
      }
    }
    if (group.isEmptyList("servers")) {
      group.fault("servers", "is empty; leave it out for all servers");
    } else if (!names.isEmpty() && servers.disabled().containsAll(offered) && !offered.isEmpty()) {
      group.fault("servers", "has no server that is enabled");
    }
    offered.removeAll(servers.disabled());
    return List.copyOf(offered);
  }

  private String unknown(Located<String> name) {
    return name.hidden()
        ? "there is no server of the name that its value gives"
        : "there is no server "
            + Shown.name(name.value())
            + Nearest.to(name.value(), servers.named())
                .map(near -> "; did you mean " + Shown.name(near) + "?")
                .orElse("");
  }

  private static void tell(Group group, Located<String> name, String what) {
    group.desk().findings().fault(name.place(), group.path("servers") + ": " + what);
  }
}
