package dev.sallyport.protocol;

import java.util.Optional;

/**
 * One client request on its way through, in the modern form whatever era or transport it came by:
 * self-contained, with a way to notify and a way to learn that nobody waits any more.
 *
 * <p>Owned by one thread. Only {@link #notify}, {@link #closeStream} and {@link #cancellation()}
 * may be used from others.
 */
public final class Exchange {
  private final String method;
  private final JsonObject params;
  private final Optional<Continuation> continuation;
  private final Origin origin;
  private final ClientContext client;
  private final Optional<Json> progressToken;
  private final ClientChannel channel;
  private final Cancellation cancellation;

  /**
   * @param params without what became typed: reserved {@code _meta} keys, the progress token,
   *     {@code inputResponses} and {@code requestState}. Other {@code _meta} members stay
   * @param channel the way to the client before the outcome
   */
  public Exchange(
      String method,
      JsonObject params,
      Optional<Continuation> continuation,
      Origin origin,
      ClientContext client,
      Optional<Json> progressToken,
      ClientChannel channel,
      Cancellation cancellation) {
    this.method = method;
    this.params = params;
    this.continuation = continuation;
    this.origin = origin;
    this.client = client;
    this.progressToken = progressToken;
    this.channel = channel;
    this.cancellation = cancellation;
  }

  /** The same exchange, with somebody in between who listens to what the client is told. */
  public Exchange withChannel(ClientChannel other) {
    return new Exchange(
        method, params, continuation, origin, client, progressToken, other, cancellation);
  }

  /** The same exchange, with somebody in between who can end it too. */
  public Exchange withCancellation(Cancellation other) {
    return new Exchange(
        method, params, continuation, origin, client, progressToken, channel, other);
  }

  /** The same request with other parameters. */
  public Exchange withParams(JsonObject other) {
    return new Exchange(
        method, other, continuation, origin, client, progressToken, channel, cancellation);
  }

  /** The same request, as if it came from elsewhere. */
  public Exchange withOrigin(Origin other) {
    return new Exchange(
        method, params, continuation, other, client, progressToken, channel, cancellation);
  }

  /** The same request, as if its client could do something else. */
  public Exchange withClient(ClientContext other) {
    return new Exchange(
        method, params, continuation, origin, other, progressToken, channel, cancellation);
  }

  /** The same request without answers. */
  public Exchange withoutContinuation() {
    return new Exchange(
        method, params, Optional.empty(), origin, client, progressToken, channel, cancellation);
  }

  /** The same request, made again with the client's answers. */
  public Exchange continued(Continuation answers) {
    return new Exchange(
        method, params, Optional.of(answers), origin, client, progressToken, channel, cancellation);
  }

  public String method() {
    return method;
  }

  public JsonObject params() {
    return params;
  }

  public Optional<Continuation> continuation() {
    return continuation;
  }

  public Origin origin() {
    return origin;
  }

  /** On whose behalf. */
  public Caller caller() {
    return origin.caller();
  }

  public ClientContext client() {
    return client;
  }

  /**
   * The client's own token, a string or an integer; whoever sends progress puts it back (PR-01).
   */
  public Optional<Json> progressToken() {
    return progressToken;
  }

  /** Sends a notification that belongs to this request; does nothing once it is cancelled. */
  public void notify(Message.Notification notification) {
    if (!cancellation.isCancelled()) {
      channel.notify(notification);
    }
  }

  /** As {@link ClientChannel#closeStream}; does nothing once it is cancelled. */
  public void closeStream() {
    if (!cancellation.isCancelled()) {
      channel.closeStream();
    }
  }

  public Cancellation cancellation() {
    return cancellation;
  }
}
