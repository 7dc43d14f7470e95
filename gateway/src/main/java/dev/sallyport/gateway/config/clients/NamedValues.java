package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.HeaderFields;
import dev.sallyport.gateway.config.Node;
import dev.sallyport.gateway.config.Secrets;
import dev.sallyport.gateway.config.YamlGroup;
import dev.sallyport.upstream.http.RemoteServer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes the variables and the headers of a server, of which most are secrets: kept as they are,
 * with a word about those that stand in the file.
 */
final class NamedValues {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

  private final ServerEntry entry;
  private final Set<String> headers = new HashSet<>();

  NamedValues(ServerEntry entry) {
    this.entry = entry;
  }

  void variables(YamlGroup out) {
    YamlGroup env = out.branch("env");
    entry
        .group("env")
        .forEach(
            (name, value) -> {
              if (VARIABLE.matcher(name).matches()) {
                entry
                    .value("env", name, value)
                    .ifPresent(text -> put(env, "env", name, value, text));
              } else {
                entry.remark("env", name, value, "is no variable's name and is left out");
              }
            });
    for (String name : entry.list("env_vars").orElse(List.of())) {
      if (VARIABLE.matcher(name).matches()) {
        env.putWritten(name, "${" + name + "}");
      } else {
        entry.remark("env_vars", "has what is no variable's name; it is left out");
      }
    }
  }

  private void put(YamlGroup group, String key, String name, Node value, String text) {
    References.Written written = entry.written(key, name, value, text);
    group.putWritten(name, written.text());
    if (Secrets.isSecret(name, written.inClear())) {
      entry.inClear(key, name, value);
    }
  }

  void headers(YamlGroup out) {
    YamlGroup fields = out.branch("headers");
    for (String key : List.of("headers", "http_headers")) {
      entry.group(key).forEach((name, value) -> header(fields, key, name, value));
    }
    for (Map.Entry<String, Node> each : entry.group("env_http_headers").entrySet()) {
      String name = each.getKey();
      entry
          .value("env_http_headers", name, each.getValue())
          .filter(variable -> isFit("env_http_headers", name, each.getValue(), variable))
          .ifPresent(variable -> fields.putWritten(name, "${" + variable + "}"));
    }
    Optional<String> bearer = entry.text("bearer_token_env_var");
    if (bearer.isPresent()) {
      if (VARIABLE.matcher(bearer.get()).matches() && headers.add("authorization")) {
        fields.putWritten("Authorization", "Bearer ${" + bearer.get() + "}");
      } else {
        entry.remark("bearer_token_env_var", "is left out: no variable's name, or said already");
      }
    }
  }

  private boolean isFit(String key, String name, Node value, String variable) {
    if (!VARIABLE.matcher(variable).matches()) {
      entry.remark(key, name, value, "names no variable and is left out");
      return false;
    }
    return isFit(key, name, value);
  }

  private boolean isFit(String key, String name, Node value) {
    String folded = name.toLowerCase(Locale.ROOT);
    if (!HeaderFields.isName(name)) {
      entry.remark(key, name, value, "is no header's name and is left out");
    } else if (RemoteServer.says(folded)) {
      entry.remark(key, name, value, "is said by Sallyport itself and is left out");
    } else if (!headers.add(folded)) {
      entry.remark(key, name, value, "is here a second time and is left out");
    } else {
      return true;
    }
    return false;
  }

  private void header(YamlGroup fields, String key, String name, Node value) {
    Optional<String> text = entry.value(key, name, value).filter(some -> isFit(key, name, value));
    if (text.isPresent() && HeaderFields.isValue(text.get())) {
      put(fields, key, name, value, text.get());
    } else if (text.isPresent()) {
      entry.remark(key, name, value, "holds what no header can and is left out");
    }
  }
}
