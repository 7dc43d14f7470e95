package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.protocol.Witness;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One request of ours that a server has not answered yet. Its number is the request's id, unique
 * for the server's life (CS-16), and its progress token, unique among active requests (PR-01). One
 * thread at a time waits on it; anybody may put mail in.
 */
public final class Call implements AutoCloseable {
  private final CallTable table;
  private final long number;
  private final Purpose purpose;
  private final Inbox inbox;
  private volatile boolean wantsProgress;
  private volatile boolean wantsLogs;
  private volatile boolean passedOn;
  private volatile Map<String, String> fields = Map.of();
  private double lastProgress = Double.NEGATIVE_INFINITY;

  /** What a call is made for. */
  enum Purpose {
    EXCHANGE,
    SUBSCRIPTION,
    /** For no exchange; nothing that the server says by itself can be about it. */
    OUR_OWN
  }

  Call(CallTable table, long number, Purpose purpose, Inbox inbox) {
    this.table = table;
    this.number = number;
    this.purpose = purpose;
    this.inbox = inbox;
  }

  public RpcId id() {
    return RpcId.of(number);
  }

  /**
   * What tells a server that nobody wants the answer any more (CS-09, CL-07).
   *
   * @param reason for its log
   */
  public Message.Notification cancelled(String reason) {
    return new Message.Notification(
        Method.CANCELLED.text(),
        JsonObject.of("requestId", id().token(), "reason", Json.of(reason)));
  }

  /** Tells who looks on that this is how an exchange goes on. */
  public void carries(Exchange exchange, ProtocolVersion version) {
    Witness witness = exchange.origin().witness();
    witness.sent(id(), version);
    fields = witness.fields();
  }

  /** What the server is told of whose work it is, as {@link Witness#fields}. */
  public Map<String, String> fields() {
    return fields;
  }

  /** Mints the token that this call's progress carries upstream. */
  public Json progressToken() {
    wantsProgress = true;
    return Json.of(number);
  }

  /** Grows with every call of the server. */
  public long number() {
    return number;
  }

  public boolean isSubscription() {
    return purpose == Purpose.SUBSCRIPTION;
  }

  Purpose purpose() {
    return purpose;
  }

  /** Remembers that the server was told to log for this call. */
  public void wantLogs() {
    wantsLogs = true;
  }

  public boolean wantsLogs() {
    return wantsLogs;
  }

  /** Remembers that its client has been told something of it. */
  void passOn() {
    passedOn = true;
  }

  boolean hasPassedOn() {
    return passedOn;
  }

  boolean wantsProgress() {
    return wantsProgress;
  }

  /** False when the mail, or older mail in its place, was dropped. */
  public boolean put(Mail mail) {
    return inbox.put(mail);
  }

  public Optional<Mail> next(long nanos) throws InterruptedException {
    return inbox.take(nanos);
  }

  /** As {@link #next}, of what is there already, and out of turn. */
  public Optional<Mail> now(Predicate<Mail> kind) {
    return inbox.takeNow(kind);
  }

  /** Waits for the end of a call of our own; empty when it did not come in time. */
  Optional<Message.Reply> reply(long deadline) throws InterruptedException {
    while (true) {
      Optional<Mail> mail = next(deadline - System.nanoTime());
      if (mail.isEmpty() || mail.get() instanceof Mail.Broken) {
        return Optional.empty();
      }
      if (mail.get() instanceof Mail.Answered answered) {
        return Optional.of(answered.reply());
      }
    }
  }

  /** From now on nobody waits, until {@link #resume}. */
  public void park() {
    inbox.setAway(true);
  }

  public void resume() {
    inbox.setAway(false);
  }

  public boolean isParked() {
    return inbox.isAway();
  }

  /** Whether progress really progresses (PR-03). Only for the thread that waits. */
  boolean advancesTo(double progress) {
    if (!wouldAdvanceTo(progress)) {
      return false;
    }
    lastProgress = progress;
    return true;
  }

  boolean wouldAdvanceTo(double progress) {
    return progress > lastProgress;
  }

  void count(Fault fault) {
    table.count(fault);
  }

  /** Whatever comes for it from now on is late. */
  @Override
  public void close() {
    table.forget(this);
    inbox.close();
  }
}
