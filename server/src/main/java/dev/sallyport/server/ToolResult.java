package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.server.schema.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a tool answers: {@code ToolResult.text("Done")}, {@code ToolResult.of(order)} for a record,
 * or content blocks. Immutable.
 */
public final class ToolResult {
  private final JsonObject json;

  private ToolResult(JsonObject json) {
    this.json = json;
  }

  public static ToolResult text(String text) {
    return of(List.of(Content.text(text)));
  }

  public static ToolResult of(Content... blocks) {
    return of(Arrays.asList(blocks));
  }

  public static ToolResult of(List<Content> blocks) {
    return new ToolResult(
        JsonObject.of(
            "content", Json.arrayOf(blocks.stream().map(block -> block.json().toJson()).toList())));
  }

  /**
   * A record as structured content, and as a text block for clients that know only that (FE-08).
   */
  public static ToolResult of(Record value) {
    return structured(RecordSchema.write(value).toJson());
  }

  /** Any JSON as structured content, and as a text block. */
  public static ToolResult structured(Json value) {
    return text(value.text()).with("structuredContent", value);
  }

  /** A failure that the model should know of, in words it can act on (FE-09). */
  public static ToolResult error(String text) {
    return text(text).with("isError", Json.TRUE);
  }

  /** This result with one more block. */
  public ToolResult and(Content block) {
    List<Json> blocks = new ArrayList<>(json.array("content").orElse(List.of()));
    blocks.add(block.json().toJson());
    return with("content", Json.arrayOf(blocks));
  }

  public ToolResult meta(String key, Json value) {
    JsonObject meta = json.object("_meta").orElse(JsonObject.EMPTY);
    return with("_meta", meta.with(key, value).toJson());
  }

  private ToolResult with(String name, Json value) {
    return new ToolResult(json.with(name, value));
  }

  /** The CallToolResult object of the specification. */
  public JsonObject json() {
    return json;
  }
}
