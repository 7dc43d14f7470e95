package dev.sallyport.protocol;

import java.util.Optional;

/**
 * What a modern request says of itself in {@code _meta}, and the one place that spells the keys MCP
 * reserves there (2026-07-28, RequestMetaObject and its siblings). Vendor keys are never touched.
 *
 * @param version as written; it may be one nobody here serves (VN-03)
 * @param capabilities the ClientCapabilities object
 * @param info the Implementation object; nobody may insist on it (VN-05)
 * @param logLevel absent means no log messages (FE-16)
 * @param progressToken a string or an integer, text kept (PR-01)
 */
public record Meta(
    String version,
    JsonObject capabilities,
    Optional<JsonObject> info,
    Optional<LogLevel> logLevel,
    Optional<Json> progressToken) {

  public static final String MEMBER = "_meta";
  public static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
  public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
  public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
  public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
  public static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
  public static final String PROGRESS_TOKEN = "progressToken";

  private static final String[] STRIPPED = {
    PROTOCOL_VERSION,
    CLIENT_CAPABILITIES,
    CLIENT_INFO,
    LOG_LEVEL,
    SERVER_INFO,
    SUBSCRIPTION_ID,
    PROGRESS_TOKEN
  };

  /** What reading a request's metadata came to. */
  public sealed interface Reading {
    /**
     * @param params what is left of the parameters: no reserved key, no progress token, and no
     *     {@code _meta} when nothing of a vendor's remains
     */
    record Complete(Meta meta, JsonObject params) implements Reading {}

    /** Something is missing or mistyped; over HTTP with status 400 (VN-04). */
    record Malformed(RpcError error) implements Reading {}
  }

  public static Meta of(
      ProtocolVersion version, ClientContext client, Optional<Json> progressToken) {
    return new Meta(
        version.text(), client.capabilities(), client.info(), client.logLevel(), progressToken);
  }

  /** Reads the metadata every modern request must carry. */
  public static Reading read(JsonObject params) {
    Optional<JsonObject> given = params.object(MEMBER);
    if (given.isEmpty()) {
      return malformed("params._meta must be an object");
    }
    JsonObject meta = given.get();
    Optional<String> version = meta.string(PROTOCOL_VERSION);
    if (version.isEmpty()) {
      return malformed(PROTOCOL_VERSION + " must be a string");
    }
    Optional<JsonObject> capabilities = meta.object(CLIENT_CAPABILITIES);
    if (capabilities.isEmpty()) {
      return malformed(CLIENT_CAPABILITIES + " must be an object");
    }
    Optional<JsonObject> info = meta.object(CLIENT_INFO);
    if (info.isEmpty() && meta.has(CLIENT_INFO)) {
      return malformed(CLIENT_INFO + " must be an object");
    }
    Optional<LogLevel> logLevel = meta.string(LOG_LEVEL).flatMap(LogLevel::of);
    if (logLevel.isEmpty() && meta.has(LOG_LEVEL)) {
      return malformed(LOG_LEVEL + " must be a log level"); // FE-17
    }
    Optional<Json> token = meta.get(PROGRESS_TOKEN).filter(RpcId::isId);
    if (token.isEmpty() && meta.has(PROGRESS_TOKEN)) {
      return malformed("progressToken must be a string or an integer");
    }
    return new Reading.Complete(
        new Meta(version.get(), capabilities.get(), info, logLevel, token),
        replaced(params, meta, meta.without(STRIPPED)));
  }

  private static Reading malformed(String why) {
    return new Reading.Malformed(RpcError.invalidParams("Invalid params: " + why));
  }

  /** The version a message claims in its body, which makes it a modern one (VN-07). */
  public static Optional<String> claimedVersion(JsonObject params) {
    return params.object(MEMBER).flatMap(meta -> meta.string(PROTOCOL_VERSION));
  }

  /** The progress token of a request of any era; empty when absent or of a wrong type. */
  public static Optional<Json> progressToken(JsonObject params) {
    return params.object(MEMBER).flatMap(meta -> meta.get(PROGRESS_TOKEN)).filter(RpcId::isId);
  }

  /**
   * Parameters without what is typed elsewhere: the reserved keys and the progress token. Also for
   * legacy requests, which real clients send with modern keys in them (VN-18).
   */
  public static JsonObject stripped(JsonObject params) {
    return without(params, STRIPPED);
  }

  /** Stripped parameters with this metadata, as a modern server wants them (CH-05). */
  public JsonObject addTo(JsonObject params) {
    JsonObject meta =
        metaOf(params).with(PROTOCOL_VERSION, version).with(CLIENT_CAPABILITIES, capabilities);
    if (info.isPresent()) {
      meta = meta.with(CLIENT_INFO, info.get());
    }
    if (logLevel.isPresent()) {
      meta = meta.with(LOG_LEVEL, logLevel.get().text());
    }
    if (progressToken.isPresent()) {
      meta = meta.with(PROGRESS_TOKEN, progressToken.get());
    }
    return params.with(MEMBER, meta);
  }

  /** Parameters with a progress token and no other metadata, as a legacy server wants them. */
  public static JsonObject withProgressToken(JsonObject params, Json token) {
    return with(params, PROGRESS_TOKEN, token);
  }

  /** Who made a result; self-reported, for display only (JR-23). */
  public static Optional<JsonObject> serverInfo(JsonObject result) {
    return result.object(MEMBER).flatMap(meta -> meta.object(SERVER_INFO));
  }

  public static JsonObject withServerInfo(JsonObject result, JsonObject info) {
    return with(result, SERVER_INFO, info.toJson());
  }

  public static JsonObject withoutServerInfo(JsonObject result) {
    return without(result, SERVER_INFO);
  }

  /** The listen request a notification's parameters or a closing result belong to (SB-03). */
  public static Optional<RpcId> subscriptionId(JsonObject paramsOrResult) {
    return paramsOrResult
        .object(MEMBER)
        .flatMap(meta -> meta.get(SUBSCRIPTION_ID))
        .filter(RpcId::isId)
        .map(RpcId::new);
  }

  public static JsonObject withSubscriptionId(JsonObject paramsOrResult, RpcId listen) {
    return with(paramsOrResult, SUBSCRIPTION_ID, listen.token());
  }

  public static JsonObject withoutSubscriptionId(JsonObject paramsOrResult) {
    return without(paramsOrResult, SUBSCRIPTION_ID);
  }

  private static JsonObject metaOf(JsonObject holder) {
    return holder.object(MEMBER).orElse(JsonObject.EMPTY);
  }

  private static JsonObject with(JsonObject holder, String key, Json value) {
    return holder.with(MEMBER, metaOf(holder).with(key, value));
  }

  private static JsonObject without(JsonObject holder, String... keys) {
    return holder
        .object(MEMBER)
        .map(meta -> replaced(holder, meta, meta.without(keys)))
        .orElse(holder);
  }

  /** Puts what is left in the place of {@code _meta}, or nothing once nothing is left in it. */
  private static JsonObject replaced(JsonObject holder, JsonObject meta, JsonObject left) {
    if (left.isEmpty()) {
      return holder.without(MEMBER);
    }
    return left.equals(meta) ? holder : holder.with(MEMBER, left);
  }
}
