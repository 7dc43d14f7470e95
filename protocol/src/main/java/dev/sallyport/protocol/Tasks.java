package dev.sallyport.protocol;

import java.util.Optional;

/**
 * Words of the tasks extension, {@code io.modelcontextprotocol/tasks}: a call may be answered with
 * a handle to come back with (specification/draft/tasks of ext-tasks).
 */
public final class Tasks {
  public static final String EXTENSION = "io.modelcontextprotocol/tasks";
  public static final String ID = "taskId";
  public static final String IDS = "taskIds";

  private Tasks() {}

  /** Whether a client takes tasks in place of results. */
  public static boolean areTakenBy(ClientContext client) {
    return client.can("extensions", EXTENSION);
  }

  /** Capabilities, of a client or of what one needs, with the extension. */
  public static JsonObject addedTo(JsonObject capabilities) {
    JsonObject extensions = capabilities.object("extensions").orElse(JsonObject.EMPTY);
    return capabilities.with("extensions", extensions.with(EXTENSION, JsonObject.EMPTY));
  }

  /** Whether an error says that a client has to take tasks for this (TK-03). */
  public static boolean areWantedBy(RpcError error) {
    return error.code() == RpcError.MISSING_CAPABILITY
        && error
            .data()
            .flatMap(Json::asObject)
            .flatMap(data -> data.object("requiredCapabilities"))
            .flatMap(required -> required.object("extensions"))
            .filter(extensions -> extensions.has(EXTENSION))
            .isPresent();
  }

  /** The id of a task that a result stands for; empty when it is an ordinary result. */
  public static Optional<String> created(JsonObject result) {
    return result.string("resultType").filter("task"::equals).flatMap(task -> result.string(ID));
  }
}
