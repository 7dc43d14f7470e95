package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.gateway.federation.ToolRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which tools of a server are offered, and what they are called. */
final class ToolsReader {
  static final Kind<String> PATTERN =
      Kinds.form(
          "[A-Za-z0-9_./*-]{1,128}",
          "a tool's name, in which * is any run of characters",
          "read_*");
  private static final Kind<String> NEW_NAME =
      Kinds.form(
          "[A-Za-z0-9_.-]{1,64}", "a tool's name: 1 to 64 of A-Z a-z 0-9 _ . -", "read_file");

  private final Group server;

  ToolsReader(Group server) {
    this.server = server;
  }

  ToolRules read() {
    Group tools = server.group("tools", Keys.TOOLS);
    return new ToolRules(patterns(tools, "allow"), patterns(tools, "deny"), renamed(tools));
  }

  private static List<String> patterns(Group tools, String key) {
    List<String> patterns = tools.list(key, PATTERN).stream().map(Located::value).toList();
    if (key.equals("allow") && tools.isEmptyList(key)) {
      tools.fault(key, "allows nothing; leave it out, or disable the server");
    }
    return patterns;
  }

  private static Map<String, String> renamed(Group tools) {
    Group rename = tools.named("rename", "{read_file: read}");
    Map<String, String> names = new LinkedHashMap<>();
    for (Located<String> tool : rename.names()) {
      Optional<String> name = rename.find(tool.value(), NEW_NAME);
      if (name.isPresent() && names.containsValue(name.get())) {
        rename.fault(tool.value(), "gets the name that another tool gets");
      } else {
        name.ifPresent(some -> names.put(tool.value(), some));
      }
    }
    return names;
  }
}
