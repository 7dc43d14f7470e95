package dev.sallyport.cli.doctor;

import dev.sallyport.access.Secret;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.FetchBounds;
import dev.sallyport.transport.outbound.FetchOutcome;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Optional;

/** Knocks at the server: one request that all of them know, to see how it asks who is there. */
final class Door {
  private static final FetchBounds BOUNDS = FetchBounds.DEFAULT.withMostBytes(256 * 1024);

  private final HttpUrl endpoint;
  private final GuardedFetch fetch;
  private final String version;

  /**
   * @param version of ours, as the server is told
   */
  Door(HttpUrl endpoint, GuardedFetch fetch, String version) {
    this.endpoint = endpoint;
    this.fetch = fetch;
    this.version = version;
  }

  /** The handshake of the older versions, since a server that knows none looks at tokens first. */
  FetchOutcome knock(Optional<Secret> token) throws InterruptedException {
    JsonObject client =
        JsonObject.of("name", Json.of("sallyport-doctor"), "version", Json.of(version));
    JsonObject params =
        JsonObject.EMPTY
            .with("protocolVersion", ProtocolVersion.LATEST_LEGACY.text())
            .with("capabilities", JsonObject.EMPTY)
            .with("clientInfo", client);
    HttpFields fields =
        HttpFields.empty()
            .with("Content-Type", "application/json")
            .with("Accept", "application/json, text/event-stream");
    if (token.isPresent()) {
      fields = fields.with("Authorization", "Bearer " + token.get().reveal());
    }
    byte[] body = new Message.Request(RpcId.of(1), Method.INITIALIZE.text(), params).toBytes();
    return fetch.post(endpoint, fields, body, BOUNDS);
  }
}
