package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import java.util.Arrays;
import java.util.Optional;

/** The lists that several servers have entries in. */
enum ListKind {
  TOOLS(Method.TOOLS_LIST, "tools", Method.TOOLS_CHANGED) {
    @Override
    Optional<JsonObject> exposed(JsonObject entry, Upstream upstream) {
      return named(entry, upstream.tools()).map(upstream.rewriting()::page);
    }
  },
  PROMPTS(Method.PROMPTS_LIST, "prompts", Method.PROMPTS_CHANGED) {
    @Override
    Optional<JsonObject> exposed(JsonObject entry, Upstream upstream) {
      return named(entry, upstream.prompts());
    }
  },
  RESOURCES(Method.RESOURCES_LIST, "resources", Method.RESOURCES_CHANGED) {
    @Override
    Optional<JsonObject> exposed(JsonObject entry, Upstream upstream) {
      return Optional.of(upstream.rewriting().named(entry));
    }
  },
  TEMPLATES(Method.RESOURCE_TEMPLATES_LIST, "resourceTemplates", Method.RESOURCES_CHANGED) {
    @Override
    Optional<JsonObject> exposed(JsonObject entry, Upstream upstream) {
      return Optional.of(upstream.rewriting().template(entry));
    }
  };

  private final Method method;
  private final String member;
  private final Method change;

  ListKind(Method method, String member, Method change) {
    this.method = method;
    this.member = member;
    this.change = change;
  }

  /** Whether a method asks for one of them. */
  static boolean isList(String method) {
    return Arrays.stream(values()).anyMatch(kind -> kind.method.is(method));
  }

  Method method() {
    return method;
  }

  /** Where the entries are in a result. */
  String member() {
    return member;
  }

  /** What tells that it changed. */
  Method change() {
    return change;
  }

  /** An entry in the words of the endpoint; empty when it cannot be shown. */
  abstract Optional<JsonObject> exposed(JsonObject entry, Upstream upstream);

  /** What no two entries of one server share; empty when there is no such thing. */
  Optional<String> key(JsonObject entry) {
    return this == TOOLS || this == PROMPTS ? entry.string("name") : Optional.empty();
  }

  private static Optional<JsonObject> named(JsonObject entry, Names names) {
    return entry.string("name").flatMap(names::exposed).map(name -> entry.with("name", name));
  }
}
