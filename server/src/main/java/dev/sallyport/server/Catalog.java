package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a server offers at one moment, in the order in which it was added (FE-03). Immutable: a
 * change makes another one.
 *
 * @param tools by name
 * @param resources by URI
 * @param templates by the text of the template
 * @param prompts by name
 */
record Catalog(
    Map<String, Tool> tools,
    Map<String, Resource> resources,
    Map<String, ResourceTemplate> templates,
    Map<String, Prompt> prompts) {
  static final Catalog EMPTY = new Catalog(Map.of(), Map.of(), Map.of(), Map.of());

  Catalog with(Tool tool) {
    return new Catalog(added(tools, tool.name(), tool), resources, templates, prompts);
  }

  Catalog with(Resource resource) {
    return new Catalog(tools, added(resources, resource.uri(), resource), templates, prompts);
  }

  Catalog with(ResourceTemplate template) {
    return new Catalog(tools, resources, added(templates, template.text(), template), prompts);
  }

  Catalog with(Prompt prompt) {
    return new Catalog(tools, resources, templates, added(prompts, prompt.name(), prompt));
  }

  Catalog withoutTool(String name) {
    return new Catalog(removed(tools, name), resources, templates, prompts);
  }

  Catalog withoutResource(String uri) {
    return new Catalog(tools, removed(resources, uri), templates, prompts);
  }

  Catalog withoutPrompt(String name) {
    return new Catalog(tools, resources, templates, removed(prompts, name));
  }

  private static <T> Map<String, T> added(Map<String, T> all, String name, T one) {
    Map<String, T> more = new LinkedHashMap<>(all);
    if (more.put(name, one) != null) {
      throw new IllegalArgumentException("there is " + name + " already");
    }
    return Collections.unmodifiableMap(more);
  }

  private static <T> Map<String, T> removed(Map<String, T> all, String name) {
    Map<String, T> fewer = new LinkedHashMap<>(all);
    fewer.remove(name);
    return Collections.unmodifiableMap(fewer);
  }

  boolean hasResources() {
    return !resources.isEmpty() || !templates.isEmpty();
  }

  /** How to read a URI: a resource of that URI, else the first template it follows. */
  Optional<Resource.Reading> reading(String uri) {
    return Optional.ofNullable(resources.get(uri))
        .map(Resource::reading)
        .or(
            () ->
                templates.values().stream()
                    .flatMap(template -> template.reading(uri).stream())
                    .findFirst());
  }

  boolean isSubscribable(String uri) {
    Resource resource = resources.get(uri);
    return resource != null
        ? resource.isSubscribable()
        : templates.values().stream()
            .anyMatch(template -> template.isSubscribable() && template.matches(uri));
  }

  boolean hasCompletions() {
    return prompts.values().stream().anyMatch(Prompt::hasCompletions)
        || templates.values().stream().anyMatch(ResourceTemplate::hasCompletions);
  }

  /** The ServerCapabilities object (FE-01). */
  JsonObject capabilities() {
    JsonObject changing = JsonObject.of("listChanged", Json.TRUE);
    JsonObject offered = JsonObject.of("logging", JsonObject.EMPTY.toJson());
    if (!tools.isEmpty()) {
      offered = offered.with("tools", changing);
    }
    if (!prompts.isEmpty()) {
      offered = offered.with("prompts", changing);
    }
    if (hasResources()) {
      boolean subscribe =
          resources.values().stream().anyMatch(Resource::isSubscribable)
              || templates.values().stream().anyMatch(ResourceTemplate::isSubscribable);
      offered =
          offered.with("resources", subscribe ? changing.with("subscribe", Json.TRUE) : changing);
    }
    return hasCompletions() ? offered.with("completions", JsonObject.EMPTY) : offered;
  }
}
