package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Modern questions as requests that a client of an older version understands (mcp-reference 2.1
 * rows 23 to 26). What it did not declare, or its version cannot express, is not asked: the call
 * fails and says why, because a made-up refusal would put words into the user's mouth (4-T22).
 */
final class QuestionForms {
  private final ClientContext client;
  private final Supplier<String> newElicitationId;

  QuestionForms(ClientContext client, Supplier<String> newElicitationId) {
    this.client = client;
    this.newElicitationId = newElicitationId;
  }

  /** Whether a question can be asked. */
  sealed interface Form {
    record Askable(JsonObject params) implements Form {}

    record Impossible(RpcError error) implements Form {}
  }

  Form toClient(Question question) {
    return switch (question.fit(client)) {
      case Question.Fit.Fits _ -> form(question);
      case Question.Fit.Undeclared(var required) ->
          new Form.Impossible(RpcError.missingCapability(required));
      case Question.Fit.Unknown _ ->
          new Form.Impossible(RpcError.internal("The server asked a question of unknown kind"));
    };
  }

  private Form form(Question question) {
    JsonObject params = question.params();
    if (Method.ELICIT.is(question.method())) {
      return elicitation(params);
    }
    return Method.SAMPLING.is(question.method()) ? sampling(params) : new Form.Askable(params);
  }

  // ---- elicitation

  private Form elicitation(JsonObject params) {
    String mode = params.string("mode").orElse("form");
    if (mode.equals("url")) {
      // Required until 2025-11-25 and gone since (row 24). One that the server gave is what it
      // tells
      // the end of the elicitation by.
      return new Form.Askable(
          params.has("elicitationId")
              ? params
              : params.with("elicitationId", newElicitationId.get()));
    }
    if (client.version().atLeast(ProtocolVersion.V2025_11_25)) {
      return new Form.Askable(params);
    }
    return flatForm(params.without("mode"));
  }

  /** 2025-06-18: primitives and plain enums only, defaults for booleans only (row 23). */
  private Form flatForm(JsonObject params) {
    Optional<JsonObject> schema = params.object("requestedSchema");
    Optional<JsonObject> properties = schema.flatMap(root -> root.object("properties"));
    if (properties.isEmpty()) {
      return new Form.Askable(params);
    }
    JsonObject shown = properties.get();
    for (String name : properties.get().names()) {
      Optional<JsonObject> property = properties.get().object(name);
      if (property.isEmpty()) {
        continue;
      }
      if (isMultiSelect(property.get())) {
        return new Form.Impossible(
            RpcError.internal(
                "This needs a newer client: protocol version "
                    + client.version().text()
                    + " has no way to choose several values"));
      }
      shown = shown.with(name, flat(property.get()));
    }
    return new Form.Askable(
        params.with("requestedSchema", schema.orElseThrow().with("properties", shown)));
  }

  private static boolean isMultiSelect(JsonObject property) {
    return property.string("type").equals(Optional.of("array"));
  }

  private static JsonObject flat(JsonObject property) {
    JsonObject shown =
        property.string("type").equals(Optional.of("boolean"))
            ? property
            : property.without("default");
    Optional<List<Json>> choices = property.array("oneOf");
    if (choices.isEmpty()) {
      return shown;
    }
    List<Json> values = new ArrayList<>();
    List<Json> names = new ArrayList<>();
    for (Json choice : choices.get()) {
      JsonObject members = choice.asObject().orElse(JsonObject.EMPTY);
      Json value = members.get("const").orElse(Json.of(""));
      values.add(value);
      names.add(members.get("title").orElse(value));
    }
    return shown
        .without("oneOf")
        .with("enum", Json.arrayOf(values))
        .with("enumNames", Json.arrayOf(names));
  }

  // ---- sampling

  private Form sampling(JsonObject params) {
    if (client.version().atLeast(ProtocolVersion.V2025_11_25)) {
      return new Form.Askable(
          client.can("sampling", "context") ? params : params.without("includeContext"));
    }
    return singleBlocks(params.without("includeContext"));
  }

  /** Before 2025-11-25 a message has one block of content (row 25). */
  private Form singleBlocks(JsonObject params) {
    List<Json> messages = new ArrayList<>();
    for (Json message : params.array("messages").orElse(List.of())) {
      Optional<JsonObject> members = message.asObject();
      Optional<List<Json>> blocks = members.flatMap(open -> open.array("content"));
      if (blocks.isEmpty()) {
        messages.add(message);
      } else if (blocks.get().size() == 1) {
        messages.add(members.orElseThrow().with("content", blocks.get().getFirst()).toJson());
      } else {
        return new Form.Impossible(
            RpcError.internal(
                "This needs a newer client: protocol version "
                    + client.version().text()
                    + " has one block of content in a message"));
      }
    }
    return new Form.Askable(
        params.has("messages") ? params.with("messages", Json.arrayOf(messages)) : params);
  }
}
