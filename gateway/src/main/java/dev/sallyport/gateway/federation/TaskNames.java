package dev.sallyport.gateway.federation;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Tasks;
import java.util.Optional;

/**
 * Ids of tasks on an endpoint of several servers: {@code PREFIX:ID}, where the id bears its
 * server's mark. Clients are shown them sealed, by who stands before this.
 */
final class TaskNames {
  private static final char SEPARATOR = ':';

  private TaskNames() {}

  static Optional<String> prefix(String exposed) {
    int end = exposed.indexOf(SEPARATOR);
    return end < 0 ? Optional.empty() : Optional.of(exposed.substring(0, end));
  }

  static String exposed(String original, Upstream upstream) {
    return upstream.prefix() + SEPARATOR + upstream.marked(original);
  }

  /** The server's own id; empty when it is not this server's. */
  static Optional<String> original(String exposed, Upstream upstream) {
    return prefix(exposed)
        .filter(upstream.prefix()::equals)
        .flatMap(prefix -> upstream.unmarked(exposed.substring(prefix.length() + 1)));
  }

  /** A task, or a result that stands for one, with the id that the endpoint knows. */
  static JsonObject exposed(JsonObject task, Upstream upstream) {
    return task.string(Tasks.ID).map(id -> task.with(Tasks.ID, exposed(id, upstream))).orElse(task);
  }
}
