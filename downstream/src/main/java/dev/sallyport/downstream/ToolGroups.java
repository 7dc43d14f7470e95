package dev.sallyport.downstream;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Meta;
import java.util.Optional;

/**
 * Which of an endpoint's tools are listed by the same server. Before a tool is called, the endpoint
 * may have to see it listed; with several servers behind it, that one is all that need be asked.
 */
public interface ToolGroups {
  /** All tools come from one server. */
  ToolGroups ONE = tool -> "";

  /** In the {@code _meta} of a list that we ask for ourselves; ignored in what clients send. */
  String MEMBER = "dev.sallyport/group";

  /** The group of a tool; empty when it has none of its own. */
  String of(String tool);

  /** Parameters that ask for one group alone, if it has a name. */
  static JsonObject asking(String group) {
    return group.isEmpty()
        ? JsonObject.EMPTY
        : JsonObject.of(Meta.MEMBER, JsonObject.of(MEMBER, Json.of(group)).toJson());
  }

  /** The group that is asked for. */
  static Optional<String> asked(JsonObject params) {
    return params.object(Meta.MEMBER).flatMap(meta -> meta.string(MEMBER));
  }
}
