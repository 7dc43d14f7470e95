package dev.sallyport.downstream.modern;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ParameterHeaders;
import dev.sallyport.protocol.RpcError;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a transport repeats of a message in fields of its own, and whether that agrees with the
 * body. HTTP does; a pipe repeats nothing.
 */
public final class Mirror {
  /** Of a transport without header fields. */
  public static final Mirror NONE = new Mirror(Optional.empty());

  private final Optional<Function<String, List<String>>> fields;

  private Mirror(Optional<Function<String, List<String>>> fields) {
    this.fields = fields;
  }

  /**
   * @param fields gives all values of a field, whatever the case of its name
   */
  public static Mirror of(Function<String, List<String>> fields) {
    return new Mirror(Optional.of(fields));
  }

  Optional<RpcError> checkVersion(String inBody) {
    return fields.flatMap(all -> MirroredHeaders.checkVersion(inBody, all));
  }

  Optional<RpcError> checkRequest(Message.Request request) {
    return fields.flatMap(
        all -> MirroredHeaders.checkRequest(request.method(), request.params(), all));
  }

  Optional<RpcError> checkNotification(Message.Notification notification) {
    return fields.flatMap(
        all ->
            MirroredHeaders.checkNotification(notification.method(), notification.params(), all));
  }

  boolean hasParameters() {
    return fields.isPresent();
  }

  Optional<RpcError> checkParameters(ParameterHeaders headers, JsonObject arguments) {
    return fields.flatMap(all -> headers.check(arguments, all));
  }
}
