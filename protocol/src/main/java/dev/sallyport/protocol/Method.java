package dev.sallyport.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The methods of the protocol: who sends them, in which eras, and which parameter names their
 * target.
 */
public enum Method {
  INITIALIZE("initialize", Direction.TO_SERVER, Form.REQUEST, Eras.LEGACY, ""),
  PING("ping", Direction.BOTH, Form.REQUEST, Eras.LEGACY, ""),
  SET_LEVEL("logging/setLevel", Direction.TO_SERVER, Form.REQUEST, Eras.LEGACY, ""),
  SUBSCRIBE("resources/subscribe", Direction.TO_SERVER, Form.REQUEST, Eras.LEGACY, ""),
  UNSUBSCRIBE("resources/unsubscribe", Direction.TO_SERVER, Form.REQUEST, Eras.LEGACY, ""),
  DISCOVER("server/discover", Direction.TO_SERVER, Form.REQUEST, Eras.MODERN, ""),
  LISTEN("subscriptions/listen", Direction.TO_SERVER, Form.REQUEST, Eras.MODERN, ""),
  TOOLS_LIST("tools/list", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, ""),
  TOOLS_CALL("tools/call", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, "name"),
  PROMPTS_LIST("prompts/list", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, ""),
  PROMPTS_GET("prompts/get", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, "name"),
  RESOURCES_LIST("resources/list", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, ""),
  RESOURCE_TEMPLATES_LIST(
      "resources/templates/list", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, ""),
  RESOURCES_READ("resources/read", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, "uri"),
  COMPLETE("completion/complete", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, ""),
  TASKS_GET("tasks/get", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, "taskId"),
  TASKS_UPDATE("tasks/update", Direction.TO_SERVER, Form.REQUEST, Eras.MODERN, "taskId"),
  TASKS_CANCEL("tasks/cancel", Direction.TO_SERVER, Form.REQUEST, Eras.BOTH, "taskId"),
  SAMPLING("sampling/createMessage", Direction.TO_CLIENT, Form.REQUEST, Eras.LEGACY, ""),
  ELICIT("elicitation/create", Direction.TO_CLIENT, Form.REQUEST, Eras.LEGACY, ""),
  ROOTS_LIST("roots/list", Direction.TO_CLIENT, Form.REQUEST, Eras.LEGACY, ""),
  INITIALIZED("notifications/initialized", Direction.TO_SERVER, Form.NOTIFICATION, Eras.LEGACY, ""),
  ROOTS_CHANGED(
      "notifications/roots/list_changed", Direction.TO_SERVER, Form.NOTIFICATION, Eras.LEGACY, ""),
  CANCELLED("notifications/cancelled", Direction.BOTH, Form.NOTIFICATION, Eras.BOTH, ""),
  PROGRESS("notifications/progress", Direction.BOTH, Form.NOTIFICATION, Eras.BOTH, ""),
  LOG_MESSAGE("notifications/message", Direction.TO_CLIENT, Form.NOTIFICATION, Eras.BOTH, ""),
  ACKNOWLEDGED(
      "notifications/subscriptions/acknowledged",
      Direction.TO_CLIENT,
      Form.NOTIFICATION,
      Eras.MODERN,
      ""),
  TOOLS_CHANGED(
      "notifications/tools/list_changed", Direction.TO_CLIENT, Form.NOTIFICATION, Eras.BOTH, ""),
  PROMPTS_CHANGED(
      "notifications/prompts/list_changed", Direction.TO_CLIENT, Form.NOTIFICATION, Eras.BOTH, ""),
  RESOURCES_CHANGED(
      "notifications/resources/list_changed",
      Direction.TO_CLIENT,
      Form.NOTIFICATION,
      Eras.BOTH,
      ""),
  RESOURCE_UPDATED(
      "notifications/resources/updated", Direction.TO_CLIENT, Form.NOTIFICATION, Eras.BOTH, ""),
  TASK_CHANGED("notifications/tasks", Direction.TO_CLIENT, Form.NOTIFICATION, Eras.MODERN, ""),
  ELICITATION_COMPLETE(
      "notifications/elicitation/complete",
      Direction.TO_CLIENT,
      Form.NOTIFICATION,
      Eras.LEGACY,
      "");

  /** Who may send it. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT,
    BOTH
  }

  /** Whether it wants an answer. */
  public enum Form {
    REQUEST,
    NOTIFICATION
  }

  /** In which eras it exists as a message of its own. */
  public enum Eras {
    LEGACY,
    MODERN,
    BOTH
  }

  private static final Map<String, Method> BY_TEXT =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Method::text, Function.identity()));

  private final String text;
  private final Direction direction;
  private final Form form;
  private final Eras eras;
  private final String target;

  Method(String text, Direction direction, Form form, Eras eras, String target) {
    this.text = text;
    this.direction = direction;
    this.form = form;
    this.eras = eras;
    this.target = target;
  }

  public static Optional<Method> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  public boolean is(String method) {
    return text.equals(method);
  }

  public String text() {
    return text;
  }

  public Direction direction() {
    return direction;
  }

  public Form form() {
    return form;
  }

  public Eras eras() {
    return eras;
  }

  /** Whether its result may ask the client something first (MR-02). */
  public boolean mayAsk() {
    return this == TOOLS_CALL || this == PROMPTS_GET || this == RESOURCES_READ;
  }

  /**
   * The parameter that names what the request is about, which {@code Mcp-Name} mirrors (HD-02,
   * HD-03); empty when there is none.
   */
  public Optional<String> target() {
    return target.isEmpty() ? Optional.empty() : Optional.of(target);
  }
}
