package dev.sallyport.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The headers of modern Streamable HTTP that repeat facts of the body (SEP-2243, Standard Request
 * Headers). A server checks them, so that whoever routed by header and whoever acts by body saw the
 * same request; a client makes them from the body it sends.
 *
 * <p>A lookup gives all values of a field, whatever the case of its name (HD-04). Faults name the
 * field and never its value.
 */
public final class MirroredHeaders {
  public static final String VERSION = "MCP-Protocol-Version";
  public static final String METHOD = "Mcp-Method";
  public static final String NAME = "Mcp-Name";

  private MirroredHeaders() {}

  /**
   * Whether the version header is there and says what the body says. Comes before the question
   * whether that version is served (4-T08).
   */
  public static Optional<RpcError> checkVersion(
      String inBody, Function<String, List<String>> fields) {
    return required(VERSION, fields, plainly(inBody));
  }

  /**
   * Whether method and name of a request agree with its body. A name is compared as text, a URI too
   * (4-T28); tasks methods must have one like the others (4-T29).
   */
  public static Optional<RpcError> checkRequest(
      String method, JsonObject params, Function<String, List<String>> fields) {
    Optional<RpcError> fault = required(METHOD, fields, plainly(method));
    Optional<String> target = Method.of(method).flatMap(Method::target);
    if (fault.isPresent() || target.isEmpty()) {
      return fault;
    }
    Optional<String> name = params.string(target.get());
    // Without a name in the body there is nothing to mirror: that is a fault of the parameters, and
    // a header that nevertheless names something is a fault of its own.
    return name.isEmpty()
        ? optional(NAME, fields, never -> false)
        : required(NAME, fields, encoded(name.get()));
  }

  /** Notifications may come without these headers; what comes must agree (HD-20). */
  public static Optional<RpcError> checkNotification(
      String method, JsonObject params, Function<String, List<String>> fields) {
    Predicate<String> version =
        Meta.claimedVersion(params).map(MirroredHeaders::plainly).orElse(anything -> true);
    return optional(VERSION, fields, version).or(() -> optional(METHOD, fields, plainly(method)));
  }

  /** The headers for a body as it is sent, after every rewriting of names (CH-04, CH-06). */
  public static Map<String, String> of(ProtocolVersion version, String method, JsonObject params) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(VERSION, version.text());
    // Methods of the protocol are plain; encoding keeps any other from breaking out of the header.
    headers.put(METHOD, HeaderValue.encode(method));
    Method.of(method)
        .flatMap(Method::target)
        .flatMap(params::string)
        .ifPresent(name -> headers.put(NAME, HeaderValue.encode(name)));
    return headers;
  }

  static Optional<RpcError> required(
      String field, Function<String, List<String>> fields, Predicate<String> agrees) {
    return fields.apply(field).isEmpty()
        ? fault(field, "is missing")
        : optional(field, fields, agrees);
  }

  static Optional<RpcError> optional(
      String field, Function<String, List<String>> fields, Predicate<String> agrees) {
    List<String> values = fields.apply(field);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    // Which of two values counts differs from one reader to the next, even when they are equal now
    // (4-T55).
    if (values.size() > 1) {
      return fault(field, "occurs more than once");
    }
    return agrees.test(values.getFirst())
        ? Optional.empty()
        : fault(field, "does not match the body");
  }

  private static Predicate<String> plainly(String inBody) {
    return value -> HeaderValue.withoutOuterSpace(value).equals(inBody);
  }

  private static Predicate<String> encoded(String inBody) {
    return value -> HeaderValue.decode(value).filter(inBody::equals).isPresent();
  }

  private static Optional<RpcError> fault(String field, String what) {
    return Optional.of(RpcError.headerMismatch("Header mismatch: " + field + " " + what));
  }
}
