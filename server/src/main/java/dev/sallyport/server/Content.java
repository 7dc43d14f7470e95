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
 * @param json the ContentBlock object of the specification; one this class does not know is given
 *     as it is
 */
public record Content(JsonObject json) {
  private static Content of(String type) {
    return new Content(JsonObject.of("type", Json.of(type)));
  }

  public static Content text(String text) {
    return of("text").with("text", Json.of(text));
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
    return of(type)
        .with("data", Json.of(Base64.getEncoder().encodeToString(bytes)))
        .with("mimeType", Json.of(mimeType));
  }

  /** A resource with what it holds. */
  public static Content resource(String uri, Contents contents) {
    return of("resource").with("resource", contents.under(uri, "").getFirst());
  }

  /** A resource the client may read itself; it need not be listed (FE-19). */
  public static Content link(String uri, String name) {
    return of("resource_link").with("uri", Json.of(uri)).with("name", Json.of(name));
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

  private Content with(String name, Json value) {
    return new Content(json.with(name, value));
  }
}
