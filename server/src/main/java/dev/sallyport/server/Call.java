package dev.sallyport.server;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.server.schema.Literals;
import java.util.List;
import java.util.Optional;

/**
 * The call being carried out: who makes it, whether it is still wanted, and the ways to its client.
 * Valid until the code it was given to returns; afterwards nothing reaches the client. Thread-safe.
 */
public final class Call {
  private final Run run;
  private final McpServer server;
  private final Pace pace = new Pace(System::nanoTime);

  Call(Run run, McpServer server) {
    this.run = run;
    this.server = server;
  }

  /** The verified principal. What it may do is for the code to decide. */
  public Caller caller() {
    return run.carrier().caller();
  }

  /** What the client says of itself; nothing in it is verified. */
  public ClientContext client() {
    return run.carrier().client();
  }

  /** Whether the client can be asked something; {@link #ask} fails otherwise. */
  public boolean can(Capability capability) {
    return capability.isDeclaredBy(client());
  }

  /** The {@code _meta} members of the request that the protocol does not define. */
  public JsonObject meta() {
    return run.carrier().params().object("_meta").orElse(JsonObject.EMPTY);
  }

  /** The server this call belongs to, to tell others of a change. */
  public McpServer server() {
    return server;
  }

  /** As {@link #progress(double, double, String)}, of an unknown total. */
  public void progress(double done, String message) {
    report(done, Optional.empty(), message);
  }

  /**
   * Tells the client how far the call is, if it wants to know. Reports that do not rise, or come
   * too fast, are passed over.
   *
   * @param message for people; may be empty
   */
  public void progress(double done, double total, String message) {
    report(done, Optional.of(Literals.number(total)), message);
  }

  private void report(double done, Optional<Json> total, String message) {
    Optional<Json> token = run.carrier().progressToken();
    if (token.isEmpty() || !pace.admits(done)) {
      return;
    }
    JsonObject params =
        JsonObject.of("progressToken", token.get(), "progress", Literals.number(done));
    if (total.isPresent()) {
      params = params.with("total", total.get());
    }
    if (!message.isEmpty()) {
      params = params.with("message", message);
    }
    run.notifyClient(new Message.Notification(Method.PROGRESS.text(), params));
  }

  /** Sends a log message to the client, if it asked for such (FE-16). No secrets (FE-18). */
  public void log(LogLevel level, String text) {
    log(level, Json.of(text));
  }

  /** As {@link #log(LogLevel, String)}, for any JSON. */
  public void log(LogLevel level, Json data) {
    Optional<LogLevel> least = client().logLevel();
    if (least.isPresent() && level.isAtLeast(least.get())) {
      JsonObject params = JsonObject.of("level", Json.of(level.text()), "data", data);
      run.notifyClient(new Message.Notification(Method.LOG_MESSAGE.text(), params));
    }
  }

  /**
   * Whether the client no longer wants the result. Blocking calls are interrupted then, so only
   * code that computes for long has to look.
   */
  public boolean isCancelled() {
    return run.cancellation().isCancelled();
  }

  /** Runs a short action when the call is cancelled; at once when it is already. */
  public Cancellation.Registration onCancel(Runnable action) {
    return run.cancellation().onCancel(action);
  }

  /**
   * Asks the client, and waits for the answer. One round is open at a time: what other threads of
   * the same call ask waits until it is answered.
   *
   * @throws MissingCapability when the client cannot be asked this
   * @throws NoAnswer when nobody answers in time; there is nobody left to be told anything then
   * @throws InterruptedException when the call is cancelled, or over
   */
  public <A> A ask(Ask<A> question) throws InterruptedException {
    return run.ask(List.of(question)).to(question);
  }

  /** Asks several things at once, which saves rounds: as {@link #ask}. */
  public Answers askAll(Ask<?>... questions) throws InterruptedException {
    return run.ask(List.of(questions));
  }

  /**
   * Ends the response stream before the result is there; the client collects the rest by connecting
   * again (LH-09). Only Streamable HTTP of 2025-11-25 knows this; elsewhere nothing happens.
   */
  public void closeStream() {
    run.closeStream();
  }
}
