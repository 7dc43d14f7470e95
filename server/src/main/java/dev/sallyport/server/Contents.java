package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.RecordSchema;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a resource holds: text, JSON or bytes, in one or more parts.
 *
 * <pre>{@code Contents.text("# Notes").mimeType("text/markdown")}</pre>
 *
 * URI and media type are those of the resource that is read unless said otherwise. Immutable.
 */
public final class Contents {
  private final List<JsonObject> parts;

  private Contents(List<JsonObject> parts) {
    this.parts = List.copyOf(parts);
  }

  private static Contents of(JsonObject part) {
    return new Contents(List.of(part));
  }

  public static Contents text(String text) {
    return of(JsonObject.of("text", Json.of(text)));
  }

  /** JSON text, {@code application/json}. */
  public static Contents json(Json value) {
    return of(
        JsonObject.of("mimeType", Json.of("application/json"), "text", Json.of(value.text())));
  }

  /** A record as JSON text, {@code application/json}. */
  public static Contents json(Record value) {
    return json(RecordSchema.write(value).toJson());
  }

  public static Contents blob(byte[] bytes) {
    return of(JsonObject.of("blob", Json.of(Base64.getEncoder().encodeToString(bytes))));
  }

  /** These parts with another media type. */
  public Contents mimeType(String mimeType) {
    return new Contents(parts.stream().map(part -> part.with("mimeType", mimeType)).toList());
  }

  /** These parts under another URI, for a resource that holds others. */
  public Contents at(String uri) {
    return new Contents(parts.stream().map(part -> part.with("uri", uri)).toList());
  }

  public Contents and(Contents more) {
    List<JsonObject> all = new ArrayList<>(parts);
    all.addAll(more.parts);
    return new Contents(all);
  }

  /** The parts as ResourceContents objects. */
  List<Json> under(String uri, String mimeType) {
    return parts.stream()
        .map(
            part -> {
              JsonObject named = part.has("uri") ? part : JsonObject.of("uri", Json.of(uri));
              if (!mimeType.isEmpty() && !part.has("mimeType")) {
                named = named.with("mimeType", mimeType);
              }
              return merged(named, part).toJson();
            })
        .toList();
  }

  private static JsonObject merged(JsonObject first, JsonObject more) {
    JsonObject merged = first;
    for (String name : more.names()) {
      merged = merged.with(name, more.get(name).orElseThrow());
    }
    return merged;
  }
}
