package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Modern results as a version with a handshake knows them (mcp-reference 2.1, rows 13 to 15 and 19
 * to 21). What need not change is left as it came.
 */
final class ResultForms {
  private ResultForms() {}

  /** Empty when the result is of a kind that only exists in the modern era (4-T44). */
  static Optional<JsonObject> toClient(JsonObject result, String method, ProtocolVersion version) {
    boolean complete =
        !result.has("resultType") || result.string("resultType").equals(Optional.of("complete"));
    if (!complete) {
      return Optional.empty();
    }
    JsonObject tidy = Meta.withoutServerInfo(result.without("resultType", "ttlMs", "cacheScope"));
    return Optional.of(
        Method.of(method)
            .map(
                known ->
                    switch (known) {
                      case TOOLS_LIST -> eachObject(tidy, "tools", tool -> tool(tool, version));
                      case TOOLS_CALL -> callResult(tidy, version);
                      case PROMPTS_GET -> promptResult(tidy, version);
                      default -> tidy;
                    })
            .orElse(tidy));
  }

  // ---- tools

  /**
   * The schema must agree with what {@link #callResult} makes of a value without knowing the
   * schema: values that are never objects are always wrapped, so their schema is too; where a value
   * may or may not be an object no single schema is true, and none is given.
   */
  private static JsonObject tool(JsonObject tool, ProtocolVersion version) {
    Optional<Json> schema = tool.get("outputSchema");
    if (schema.isEmpty()) {
      return tool;
    }
    if (!version.atLeast(ProtocolVersion.V2025_06_18)) {
      return tool.without("outputSchema");
    }
    Optional<String> type = schema.get().asObject().flatMap(root -> root.string("type"));
    if (type.isEmpty()) {
      return tool.without("outputSchema");
    }
    return type.get().equals("object") ? tool : wrapped(tool, schema.get());
  }

  private static JsonObject wrapped(JsonObject tool, Json schema) {
    // Inside the wrapper a reference would start from another root.
    if (schema.text().contains("\"$ref\"") || schema.text().contains("\"$dynamicRef\"")) {
      return tool.without("outputSchema");
    }
    JsonObject wrapper =
        JsonObject.of("type", Json.of("object"))
            .with("properties", JsonObject.of("result", schema))
            .with("required", Json.arrayOf(List.of(Json.of("result"))));
    return tool.with("outputSchema", wrapper);
  }

  private static JsonObject callResult(JsonObject result, ProtocolVersion version) {
    JsonObject shown = result;
    Optional<Json> structured = result.get("structuredContent");
    if (structured.isPresent()) {
      shown = withText(shown, structured.get());
      if (!version.atLeast(ProtocolVersion.V2025_06_18)) {
        shown = shown.without("structuredContent");
      } else if (structured.get().kind() != Json.Kind.OBJECT) {
        shown = shown.with("structuredContent", JsonObject.of("result", structured.get()));
      }
    }
    return version.atLeast(ProtocolVersion.V2025_06_18)
        ? shown
        : eachObject(shown, "content", block -> block(block, version));
  }

  /** Older clients show text only, so there always is some (row 19). */
  private static JsonObject withText(JsonObject result, Json structured) {
    List<Json> content = result.array("content").orElse(List.of());
    return content.isEmpty()
        ? result.with("content", Json.arrayOf(List.of(text(structured.text()).toJson())))
        : result;
  }

  // ---- content

  private static JsonObject promptResult(JsonObject result, ProtocolVersion version) {
    return version.atLeast(ProtocolVersion.V2025_06_18)
        ? result
        : eachObject(result, "messages", message -> message(message, version));
  }

  private static JsonObject message(JsonObject message, ProtocolVersion version) {
    return message
        .object("content")
        .map(
            content -> {
              JsonObject shown = block(content, version);
              return shown.equals(content) ? message : message.with("content", shown);
            })
        .orElse(message);
  }

  /** Links came with 2025-06-18 and audio with 2025-03-26 (row 21). */
  private static JsonObject block(JsonObject block, ProtocolVersion version) {
    String type = block.string("type").orElse("");
    if (type.equals("resource_link") && !version.atLeast(ProtocolVersion.V2025_06_18)) {
      String uri = block.string("uri").orElse("");
      String name = block.string("title").or(() -> block.string("name")).orElse("");
      return text(name.isEmpty() ? uri : name + ": " + uri);
    }
    if (type.equals("audio") && !version.atLeast(ProtocolVersion.V2025_03_26)) {
      return text(
          "[audio, "
              + block.string("mimeType").orElse("unknown type")
              + ": this client's protocol version has no audio]");
    }
    return block;
  }

  private static JsonObject text(String text) {
    return JsonObject.of("type", Json.of("text"), "text", Json.of(text));
  }

  /** Changes the objects of an array member; the array is left alone when none of them changed. */
  static JsonObject eachObject(JsonObject holder, String member, UnaryOperator<JsonObject> change) {
    Optional<List<Json>> elements = holder.array(member);
    if (elements.isEmpty()) {
      return holder;
    }
    List<Json> changed = elements.get().stream().map(element -> changed(element, change)).toList();
    return changed.equals(elements.get()) ? holder : holder.with(member, Json.arrayOf(changed));
  }

  private static Json changed(Json element, UnaryOperator<JsonObject> change) {
    Optional<JsonObject> before = element.asObject();
    if (before.isEmpty()) {
      return element;
    }
    JsonObject after = change.apply(before.get());
    return after.equals(before.get()) ? element : after.toJson();
  }
}
