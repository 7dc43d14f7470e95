package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.RecordSchema;
import java.util.Base64;

/**
 * One block of what a tool answers or a prompt says.
 *
 * <pre>{@code Content.image(png, "image/png").annotated(Annotations.none().audience(Role.USER))}
 * </pre>
 *
 * Not a record on purpose: a record is something to be written as JSON here, and this is not.
 * Immutable.
 */
public final class Content {
  private final JsonObject json;

  private Content(JsonObject json) {
    this.json = json;
  }

  /**
   * A block of a kind this class does not know, as the ContentBlock object of the specification.
   */
  public static Content of(JsonObject json) {
    return new Content(json);
  }

  private static Content typed(String type) {
    return new Content(JsonObject.of("type", Json.of(type)));
  }

  public static Content text(String text) {
    return typed("text").with("text", Json.of(text));
  }

  /** A record as JSON text. */
  public static Content text(Record value) {
    return text(RecordSchema.write(value).toJson().text());
  }

  public static Content image(byte[] bytes, String mimeType) {
    return media("image", bytes, mimeType);
  }

  public static Content audio(byte[] bytes, String mimeType) {
    return media("audio", bytes, mimeType);
  }

  private static Content media(String type, byte[] bytes, String mimeType) {
    return typed(type)
        .with("data", Json.of(Base64.getEncoder().encodeToString(bytes)))
        .with("mimeType", Json.of(mimeType));
  }

  /** A resource with what it holds. */
  public static Content resource(String uri, Contents contents) {
    return typed("resource").with("resource", contents.under(uri, "").getFirst());
  }

  /** A resource the client may read itself; it need not be listed (FE-19). */
  public static Content link(String uri, String name) {
    return typed("resource_link").with("uri", Json.of(uri)).with("name", Json.of(name));
  }

  public Content annotated(Annotations annotations) {
    return with("annotations", annotations.json().toJson());
  }

  public Content meta(String key, Json value) {
    JsonObject meta = json.object("_meta").orElse(JsonObject.EMPTY);
    return with("_meta", meta.with(key, value).toJson());
  }

  /** The text of a text block; empty for any other. */
  public String asText() {
    return json.string("text").orElse("");
  }

  public JsonObject json() {
    return json;
  }

  private Content with(String name, Json value) {
    return new Content(json.with(name, value));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Content that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** Kind only: contents do not belong in a log. */
  @Override
  public String toString() {
    return "Content[" + json.string("type").orElse("?") + "]";
  }
}
