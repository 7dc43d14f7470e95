package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server being written; {@link #run} or {@link #build} ends it. Confined to one thread. */
public final class McpServerDraft {
  private JsonObject info;
  private final List<Json> icons = new ArrayList<>();
  private JsonObject more = JsonObject.EMPTY;
  private Catalog catalog = Catalog.EMPTY;
  private CacheHint cache = CacheHint.NONE;
  private Limits limits = Limits.standard();

  McpServerDraft(String name, String version) {
    if (name.isBlank() || version.isBlank()) {
      throw new IllegalArgumentException("a server has a name and a version");
    }
    this.info = JsonObject.of("name", Json.of(name), "version", Json.of(version));
  }

  /** A name for people. */
  public McpServerDraft titled(String title) {
    return about("title", Json.of(title));
  }

  public McpServerDraft describedAs(String description) {
    return about("description", Json.of(description));
  }

  public McpServerDraft websiteUrl(String url) {
    return about("websiteUrl", Json.of(url));
  }

  public McpServerDraft icon(Icon icon) {
    icons.add(icon.json().toJson());
    return about("icons", Json.arrayOf(icons));
  }

  private McpServerDraft about(String name, Json value) {
    info = info.with(name, value);
    return this;
  }

  /** How to use the server well; clients may show it to their model. */
  public McpServerDraft instructions(String text) {
    more = more.with("instructions", text);
    return this;
  }

  public McpServerDraft tool(Tool tool) {
    catalog = catalog.with(tool);
    return this;
  }

  public McpServerDraft tools(List<Tool> more) {
    more.forEach(this::tool);
    return this;
  }

  public McpServerDraft resource(Resource resource) {
    catalog = catalog.with(resource);
    return this;
  }

  public McpServerDraft resourceTemplate(ResourceTemplate template) {
    catalog = catalog.with(template);
    return this;
  }

  public McpServerDraft prompt(Prompt prompt) {
    catalog = catalog.with(prompt);
    return this;
  }

  public McpServerDraft prompts(List<Prompt> more) {
    more.forEach(this::prompt);
    return this;
  }

  /** How long, and for whom, clients may keep the lists. Unsaid they may not keep them. */
  public McpServerDraft listsCached(Duration fresh, CacheScope scope) {
    cache = CacheHint.of(fresh, scope);
    return this;
  }

  public McpServerDraft limits(Limits other) {
    limits = other;
    return this;
  }

  /**
   * Serves it as the command line asks: {@code --stdio} (the default), {@code --http HOST:PORT},
   * {@code --era legacy|modern|both}. The last line of a {@code main}: it returns when there is
   * nothing more to do, and ends the program with an exit code when the command line is wrong.
   *
   * <p>Over stdio, {@link System#out} is then standard error: standard output carries the protocol.
   */
  public void run(String... args) {
    build().run(args);
  }

  public McpServer build() {
    return new McpServer(
        Meta.withServerInfo(more, info), catalog, cache, limits, new SecureRandom());
  }
}
