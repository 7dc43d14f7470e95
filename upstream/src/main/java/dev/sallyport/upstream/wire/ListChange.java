package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;

/** The lists that can change, with the words each era has for it. */
public enum ListChange {
  TOOLS("tools", "toolsListChanged", Method.TOOLS_CHANGED),
  PROMPTS("prompts", "promptsListChanged", Method.PROMPTS_CHANGED),
  RESOURCES("resources", "resourcesListChanged", Method.RESOURCES_CHANGED);

  private final String capability;
  private final String flag;
  private final Method method;

  ListChange(String capability, String flag, Method method) {
    this.capability = capability;
    this.flag = flag;
    this.method = method;
  }

  /** The server capability whose {@code listChanged} announces it. */
  public String capability() {
    return capability;
  }

  /** Its name in the filter of a subscription. */
  public String flag() {
    return flag;
  }

  public Method method() {
    return method;
  }

  public boolean isIn(JsonObject filter) {
    return filter.get(flag).flatMap(Json::asBoolean).orElse(false);
  }

  public Message.Notification notification() {
    return new Message.Notification(method.text(), JsonObject.EMPTY);
  }
}
