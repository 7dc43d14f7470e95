package dev.sallyport.downstream.legacy;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import java.util.Optional;

/** Notifications as versions with a handshake know them. */
final class NotificationForms {
  private NotificationForms() {}

  /** What a call's own stream may carry besides the answer (LH-12). */
  static Optional<Message.Notification> ofCall(
      Message.Notification notification, ProtocolVersion version) {
    Optional<Method> known = Method.of(notification.method());
    if (known.isEmpty()) {
      return Optional.of(notification); // a vendor's
    }
    return switch (known.get()) {
      case LOG_MESSAGE -> Optional.of(notification);
      case PROGRESS ->
          Optional.of(
              version.atLeast(ProtocolVersion.V2025_03_26)
                  ? notification
                  : new Message.Notification(
                      notification.method(), notification.params().without("message")));
      case ELICITATION_COMPLETE ->
          Optional.of(notification).filter(_ -> version.atLeast(ProtocolVersion.V2025_11_25));
      default -> Optional.empty();
    };
  }

  /**
   * What a listen may bring, under the name by which a later one replaces it while nobody takes it
   * (2.5); empty for anything else (SB-09).
   */
  static Optional<String> nameOfChange(Message.Notification notification) {
    Optional<Method> known = Method.of(notification.method());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    return switch (known.get()) {
      case TOOLS_CHANGED, PROMPTS_CHANGED, RESOURCES_CHANGED -> Optional.of(notification.method());
      case RESOURCE_UPDATED ->
          notification.params().string("uri").map(uri -> notification.method() + " " + uri);
      default -> Optional.empty();
    };
  }

  static Message.Notification updated(String uri) {
    return new Message.Notification(
        Method.RESOURCE_UPDATED.text(), JsonObject.EMPTY.with("uri", uri));
  }
}
