package dev.sallyport.protocol;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * One client request on its way through, in the modern form whatever era or transport it came by:
 * self-contained, with a way to notify and a way to learn that nobody waits any more.
 *
 * <p>Owned by one thread. Only {@link #notify} and {@link #cancellation()} may be used from others.
 */
public final class Exchange {
  private final String method;
  private final JsonObject params;
  private final Optional<Continuation> continuation;
  private final Caller caller;
  private final ClientContext client;
  private final Optional<Json> progressToken;
  private final Consumer<Message.Notification> notifications;
  private final Cancellation cancellation;

  /**
   * @param params without what became typed: reserved {@code _meta} keys, the progress token,
   *     {@code inputResponses} and {@code requestState}. Other {@code _meta} members stay
   * @param notifications takes what is to reach the client before the outcome; may block while the
   *     client is slow
   */
  public Exchange(
      String method,
      JsonObject params,
      Optional<Continuation> continuation,
      Caller caller,
      ClientContext client,
      Optional<Json> progressToken,
      Consumer<Message.Notification> notifications,
      Cancellation cancellation) {
    this.method = method;
    this.params = params;
    this.continuation = continuation;
    this.caller = caller;
    this.client = client;
    this.progressToken = progressToken;
    this.notifications = notifications;
    this.cancellation = cancellation;
  }

  /** The same exchange about something else, for a flow that rewrites names on the way. */
  public Exchange withParams(JsonObject other) {
    return new Exchange(
        method, other, continuation, caller, client, progressToken, notifications, cancellation);
  }

  /** The same request, made again with the client's answers. */
  public Exchange continued(Continuation answers) {
    return new Exchange(
        method,
        params,
        Optional.of(answers),
        caller,
        client,
        progressToken,
        notifications,
        cancellation);
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

  public Caller caller() {
    return caller;
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
      notifications.accept(notification);
    }
  }

  public Cancellation cancellation() {
    return cancellation;
  }
}
