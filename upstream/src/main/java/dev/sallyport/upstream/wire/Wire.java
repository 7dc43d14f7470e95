package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The way to one server, whatever carries the messages: takes ours, and routes each answer and each
 * progress notification to its call by the number minted here (CS-16). When the server is gone,
 * every call learns it at once. Thread-safe.
 */
public interface Wire extends AutoCloseable {

  /** What the server says by itself. Runs on the reading thread: must not block. */
  interface Inbound {
    /**
     * @param carrier the call on whose own stream it came; empty where all share one
     */
    void onRequest(Message.Request request, Optional<Call> carrier);

    /** Anything but progress. */
    void onNotification(Message.Notification notification, Optional<Call> carrier);

    /** Something may have been said that nobody heard. */
    void onGap();

    void onEnd();
  }

  /** Begins to read. Called again: what is not for a single call goes to another from now on. */
  void start(Inbound takesTheRest);

  /** Everything that waits for the server: calls, parked ones among them, and subscriptions. */
  CallTable calls();

  /**
   * Whether each call has a stream of its own, so that what the server says on it is about that
   * call, and headers in front of it, which repeat parameters (CH-08).
   */
  boolean hasStreamPerCall();

  /** Told the version that both sides agreed on, before anything else is sent (CL-02). */
  void agreed(ProtocolVersion version);

  /**
   * Sends a request of ours, whose answer the call waits for. Blocks while the server reads too
   * slowly; one that reads nothing at all is given up.
   *
   * @param mirrored headers that repeat parameters; nothing where there are none
   */
  void send(Call call, Message.Request request, Map<String, String> mirrored);

  /** Sends a notification, or an answer of ours, in the same way. */
  void send(Message message);

  /**
   * Tells the server that nobody wants a call's answer any more, in the way of whatever carries the
   * messages: over a pipe a notification (CS-09), over HTTP the end of its stream (CH-13).
   *
   * @param reason for the server's log
   */
  void cancel(Call call, String reason);

  /** As {@link #send}, for the reading thread, which must never wait for the server to read. */
  void reply(Message.Reply reply);

  /** False once the server is gone; it never comes back. */
  boolean alive();

  /**
   * Whether the server has said anything at all since then.
   *
   * @param since by {@link System#nanoTime}
   */
  boolean heardSince(long since);

  /** Treats the server as gone, and ends what is left of it. Returns at once. */
  void giveUp();

  /** Notes that the server broke the protocol. */
  void count(Fault fault);

  /** Tells the operator what can be told to no caller. */
  void tell(Remark remark);

  /** What it leads to, for people: {@code stdio, pid 4711}. */
  String where();

  /** Ends our part in a server that did not answer the first request, and says why it did not. */
  StartException closeUnanswered(Duration waited);

  /** Ends the server; returns when it is gone. */
  @Override
  void close();

  /** Asks something on our own behalf; empty when there was no answer in time. */
  default Optional<Message.Reply> ask(Method method, JsonObject params, Duration limit) {
    Optional<Call> begun = calls().begin(Call.Purpose.OUR_OWN);
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    try (Call call = begun.get()) {
      send(call, new Message.Request(call.id(), method.text(), params), Map.of());
      return call.reply(System.nanoTime() + limit.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
