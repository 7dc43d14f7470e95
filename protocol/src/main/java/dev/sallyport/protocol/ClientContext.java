package dev.sallyport.protocol;

import java.util.Optional;

/**
 * What a client says of itself with one request, in the modern shape whatever era it speaks.
 * Nothing in it is verified: it never decides access (JR-23).
 *
 * @param version what the client speaks, for records; only eras' own packages branch on it
 * @param capabilities the ClientCapabilities object of the modern schema
 * @param info the Implementation object, when given (VN-05)
 * @param logLevel the least severe level the client wants to hear of; none when it asked for no log
 *     messages (FE-16)
 */
public record ClientContext(
    ProtocolVersion version,
    JsonObject capabilities,
    Optional<JsonObject> info,
    Optional<LogLevel> logLevel) {

  /** Whether a capability was declared, for example {@code "sampling"}. */
  public boolean can(String capability) {
    return capabilities
        .get(capability)
        .map(value -> value.kind() == Json.Kind.OBJECT)
        .orElse(false);
  }

  /** Whether a part of a capability was declared, for example {@code tools} of sampling. */
  public boolean can(String capability, String part) {
    return capabilities.object(capability).map(parts -> parts.has(part)).orElse(false);
  }

  /**
   * Whether the client takes elicitations of a mode. An empty {@code elicitation} object means form
   * only (CM-09, 4-T41).
   *
   * @param mode {@code form} or {@code url}
   */
  public boolean canElicit(String mode) {
    return capabilities
        .object("elicitation")
        .map(modes -> modes.has(mode) || ("form".equals(mode) && !modes.has("url")))
        .orElse(false);
  }
}
