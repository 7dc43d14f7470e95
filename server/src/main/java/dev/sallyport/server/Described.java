package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What everything a server offers can say of itself. A draft is confined to the thread that writes
 * it; what comes of it is immutable.
 *
 * @param <D> the draft itself
 */
public abstract sealed class Described<D extends Described<D>>
    permits Tool.Draft, Resource.Draft, ResourceTemplate.Draft, Prompt.Draft {
  private final Set<Capability> required = EnumSet.noneOf(Capability.class);
  private final List<Json> icons = new ArrayList<>();
  private JsonObject listed;

  Described(JsonObject listed) {
    this.listed = listed;
  }

  abstract D self();

  /** A name for people. */
  public D titled(String title) {
    return with("title", Json.of(title));
  }

  /** What it is for; a model reads it to choose. */
  public D describedAs(String description) {
    return with("description", Json.of(description));
  }

  public D icon(Icon icon) {
    icons.add(icon.json().toJson());
    return with("icons", Json.arrayOf(icons));
  }

  /** A {@code _meta} member of the listing, for extensions. */
  public D meta(String key, Json value) {
    JsonObject meta = listed.object("_meta").orElse(JsonObject.EMPTY);
    return with("_meta", meta.with(key, value).toJson());
  }

  /** What a client has to declare; any other gets -32021 and the code does not run. */
  public D requires(Capability... capabilities) {
    required.addAll(List.of(capabilities));
    return self();
  }

  final D with(String name, Json value) {
    listed = listed.with(name, value);
    return self();
  }

  final JsonObject listed() {
    return listed;
  }

  final Set<Capability> required() {
    return Set.copyOf(required);
  }
}
