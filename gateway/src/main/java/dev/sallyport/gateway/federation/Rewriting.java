package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Puts one server's URIs into the words of the endpoint, wherever a URI has a place of its own in a
 * result: text is left as it is, and so is structured content, whose shape is the tool's alone
 * (mcp-reference 2.7.5). What names no URI is passed on untouched, byte for byte. Immutable.
 */
final class Rewriting {
  private static final String URI = "uri";
  private static final String NAMED = "\"uri\"";
  private static final String PAGE_NAMED = "\"resourceUri\"";

  private final String prefix;
  private final Uris uris;

  /**
   * @param prefix of the server
   */
  Rewriting(String prefix, Uris uris) {
    this.prefix = prefix;
    this.uris = uris;
  }

  /** Of {@code tools/call}. */
  JsonObject calledResult(JsonObject result) {
    return page(each(result, "content", this::block));
  }

  /** Of {@code prompts/get}. */
  JsonObject prompt(JsonObject result) {
    return each(result, "messages", message -> member(message, "content", this::content));
  }

  /** Of {@code resources/read}. */
  JsonObject read(JsonObject result) {
    return each(result, "contents", this::named);
  }

  /** A resource of a list, or what else has its URI in {@code uri}. */
  JsonObject named(JsonObject holder) {
    return text(holder, URI);
  }

  JsonObject template(JsonObject template) {
    return text(template, "uriTemplate");
  }

  /** A tool or result whose page it names, as MCP Apps do ({@code _meta.ui.resourceUri}). */
  JsonObject page(JsonObject holder) {
    return holder.get(Meta.MEMBER).filter(meta -> meta.mentions(PAGE_NAMED)).isEmpty()
        ? holder
        : member(
            holder,
            Meta.MEMBER,
            meta -> object(meta, "ui", ui -> text(ui, "resourceUri")).toJson());
  }

  /** A question: whoever is asked has to see which server wants to know (CM-07). */
  JsonObject question(String method, JsonObject params) {
    return Method.ELICIT.is(method)
        ? params.with("message", "[" + prefix + "] " + params.string("message").orElse(""))
        : params;
  }

  /** A task as it stands, with the result or the questions that it has come to (TK-06). */
  JsonObject task(JsonObject task) {
    JsonObject shown = object(task, "result", this::calledResult);
    return object(shown, "inputRequests", this::questions);
  }

  private JsonObject questions(JsonObject questions) {
    JsonObject shown = questions;
    for (String key : questions.names()) {
      shown = object(shown, key, this::question);
    }
    return shown;
  }

  private JsonObject question(JsonObject question) {
    return object(
        question, "params", params -> question(question.string("method").orElse(""), params));
  }

  /** An error that says which resource it is about. */
  RpcError error(RpcError error) {
    Optional<JsonObject> data = error.data().flatMap(Json::asObject);
    return data.filter(facts -> facts.has(URI))
        .map(
            facts ->
                new RpcError(error.code(), error.message(), Optional.of(named(facts).toJson())))
        .orElse(error);
  }

  private Json content(JsonObject block) {
    return block(block).toJson();
  }

  /** A content block: a link, or an embedded resource. */
  private JsonObject block(JsonObject block) {
    return switch (block.string("type").orElse("")) {
      case "resource_link" -> named(block);
      case "resource" -> object(block, "resource", this::named);
      default -> block;
    };
  }

  private JsonObject text(JsonObject holder, String name) {
    return holder.string(name).map(uri -> holder.with(name, uris.exposed(uri))).orElse(holder);
  }

  private static JsonObject object(
      JsonObject holder, String name, UnaryOperator<JsonObject> change) {
    return holder.object(name).map(inner -> holder.with(name, change.apply(inner))).orElse(holder);
  }

  private interface ToJson {
    Json of(JsonObject object);
  }

  private static JsonObject member(JsonObject holder, String name, ToJson change) {
    return holder.object(name).map(inner -> holder.with(name, change.of(inner))).orElse(holder);
  }

  /** An array whose elements may name URIs; most do not, and are not taken apart. */
  private static JsonObject each(JsonObject holder, String name, UnaryOperator<JsonObject> change) {
    Optional<Json> array = holder.get(name);
    if (array.isEmpty() || !array.get().mentions(NAMED)) {
      return holder;
    }
    Optional<List<Json>> elements = array.get().asArray();
    if (elements.isEmpty()) {
      return holder;
    }
    List<Json> changed = new ArrayList<>(elements.get().size());
    for (Json element : elements.get()) {
      changed.add(
          element.mentions(NAMED)
              ? element.asObject().map(change).map(JsonObject::toJson).orElse(element)
              : element);
    }
    return holder.with(name, Json.arrayOf(changed));
  }
}
