package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.RpcId;
import java.util.Optional;

/**
 * One request of ours that a child has not answered yet. Its number is the request's id, unique for
 * the child's life (CS-16), and its progress token, unique among active requests (PR-01). One
 * thread at a time waits on it; anybody may put mail in.
 */
public final class Call implements AutoCloseable {
  private final Wire wire;
  private final long number;
  private final Purpose purpose;
  private final Mailbox mailbox;
  private volatile boolean wantsProgress;
  private volatile boolean wantsLogs;
  private double lastProgress = Double.NEGATIVE_INFINITY;

  /** What a call is made for. */
  enum Purpose {
    EXCHANGE,
    SUBSCRIPTION,
    /** For no exchange; nothing that the child says by itself can be about it. */
    OUR_OWN
  }

  Call(Wire wire, long number, Purpose purpose, int mostNotifications) {
    this.wire = wire;
    this.number = number;
    this.purpose = purpose;
    mailbox = new Mailbox(mostNotifications);
  }

  public RpcId id() {
    return RpcId.of(number);
  }

  /** Mints the token that this call's progress carries upstream. */
  public Json progressToken() {
    wantsProgress = true;
    return Json.of(number);
  }

  /** Grows with every call of the child. */
  public long number() {
    return number;
  }

  Purpose purpose() {
    return purpose;
  }

  /** Remembers that the child was told to log for this call. */
  public void wantLogs() {
    wantsLogs = true;
  }

  public boolean wantsLogs() {
    return wantsLogs;
  }

  boolean wantsProgress() {
    return wantsProgress;
  }

  /** False when the mail, or older mail in its place, was dropped. */
  public boolean put(Mail mail) {
    return mailbox.put(mail);
  }

  public Optional<Mail> next(long nanos) throws InterruptedException {
    return mailbox.take(nanos);
  }

  /** From now on nobody waits, until {@link #resume}. */
  public void park() {
    mailbox.setAway(true);
  }

  public void resume() {
    mailbox.setAway(false);
  }

  public boolean isParked() {
    return mailbox.isAway();
  }

  /** Whether progress really progresses (PR-03). Only for the thread that waits. */
  boolean advancesTo(double progress) {
    if (!(progress > lastProgress)) {
      return false;
    }
    lastProgress = progress;
    return true;
  }

  void count(Fault fault) {
    wire.faults().count(fault);
  }

  /** Whatever comes for it from now on is late. */
  @Override
  public void close() {
    wire.calls().forget(this);
  }
}
