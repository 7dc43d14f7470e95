package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.transport.stdio.LineWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The pipe to one child: writes requests, and routes each answer and each progress notification to
 * its call by the number minted here (CS-16). When the child ends, every call learns it at once.
 * Thread-safe.
 */
public final class Wire implements AutoCloseable {
  private static final int MOST_REPLIES = 64;
  private static final long DRAIN_MILLIS = 500;

  private final ChildProcess process;
  private final WireBounds bounds;
  private final Consumer<ChildNotice> notices;
  private final LineWriter writer;
  private final Faults faults;
  private final CallTable calls;
  private final Semaphore replies = new Semaphore(MOST_REPLIES);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch readToEnd = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean expected;
  private volatile Inbound inbound = Inbound.NOBODY;
  private volatile long lastHeard = System.nanoTime();

  /** What is not for a single call. Runs on the reading thread: must not block. */
  public interface Inbound {
    Inbound NOBODY = new Nobody();

    void onRequest(Message.Request request);

    /** Anything but progress. */
    void onNotification(Message.Notification notification);

    void onEnd();
  }

  private static final class Nobody implements Inbound {
    @Override
    public void onRequest(Message.Request request) {}

    @Override
    public void onNotification(Message.Notification notification) {}

    @Override
    public void onEnd() {}
  }

  public Wire(ChildProcess process, WireBounds bounds, Consumer<ChildNotice> notices) {
    this.process = process;
    this.bounds = bounds;
    this.notices = notices;
    faults = new Faults(process.pid(), notices);
    calls = new CallTable(this, bounds.calls(), bounds.notifications());
    writer =
        new LineWriter(
            process.stdin(), bounds.queueBytes(), bounds.writeDeadline(), threadName("in"));
  }

  private String threadName(String role) {
    return "sallyport-child-" + process.pid() + "-" + role;
  }

  /** Begins to read. */
  public void start(Inbound takesTheRest) {
    inbound = takesTheRest;
    Thread.ofPlatform().name(threadName("out")).daemon(true).start(this::read);
    // A grandchild that holds the output pipe keeps it from ending with the child.
    Thread.ofVirtual().name(threadName("exit")).start(this::watchExit);
  }

  public long pid() {
    return process.pid();
  }

  public ChildProcess process() {
    return process;
  }

  public Faults faults() {
    return faults;
  }

  public boolean alive() {
    return !ended.get();
  }

  /** Everything that waits for the child: calls, parked ones among them, and subscriptions. */
  public CallTable calls() {
    return calls;
  }

  /** Asks something on our own behalf; empty when there was no answer in time. */
  public Optional<Message.Reply> ask(Method method, JsonObject params, Duration limit) {
    Optional<Call> begun = calls.begin(Call.Purpose.OUR_OWN);
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    try (Call call = begun.get()) {
      send(new Message.Request(call.id(), method.text(), params));
      return reply(call, System.nanoTime() + limit.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<Message.Reply> reply(Call call, long deadline)
      throws InterruptedException {
    while (true) {
      Optional<Mail> mail = call.next(deadline - System.nanoTime());
      if (mail.isEmpty() || mail.get() instanceof Mail.Died) {
        return Optional.empty();
      }
      if (mail.get() instanceof Mail.Answered answered) {
        return Optional.of(answered.reply());
      }
    }
  }

  /** Blocks while the child reads too slowly. A child that reads nothing at all is given up. */
  public void send(Message message) {
    if (!writer.write(message.toBytes()) && !Thread.currentThread().isInterrupted()) {
      end();
    }
  }

  /**
   * Gives the child up when it has said nothing at all since then, and is not waiting for an answer
   * of ours: a hung child would cost every later call its whole time limit.
   *
   * @param since by {@link System#nanoTime}
   */
  public void giveUpIfSilentSince(long since) {
    if (lastHeard - since < 0 && calls.noneParked()) {
      end();
    }
  }

  /** As {@link #send}, for the reading thread, which must never wait for the child to read. */
  public void reply(Message.Reply reply) {
    if (!replies.tryAcquire()) {
      faults.count(Fault.REQUEST_REFUSED);
      return;
    }
    Thread.ofVirtual()
        .name(threadName("reply"))
        .start(
            () -> {
              try {
                send(reply);
              } finally {
                replies.release();
              }
            });
  }

  /** Tells the operator what can be told to no caller. */
  public void tell(ChildNotice notice) {
    notices.accept(notice);
  }

  private void read() {
    try {
      new WireReader(process.stdout(), bounds, calls, faults, inbound, this::heard).run();
    } finally {
      readToEnd.countDown();
      end();
    }
  }

  private void heard() {
    lastHeard = System.nanoTime();
  }

  private void watchExit() {
    try {
      process.awaitExit();
      readToEnd.await(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end();
  }

  private void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    int lost = calls.lose();
    inbound.onEnd();
    Thread.ofVirtual().name(threadName("end")).start(() -> endProcess(lost));
  }

  private void endProcess(int lost) {
    try {
      process.stop(writer::close);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      notices.accept(
          new ChildNotice.Exited(
              process.pid(), process.exitCode(), expected, process.lastStderr(), lost));
      gone.countDown();
    }
  }

  /** Ends a child that did not answer the first request, and says why it did not. */
  public StartException closeUnanswered(Duration waited) {
    boolean silent = alive();
    close();
    return silent
        ? StartException.silent(waited, process.lastStderr())
        : StartException.died(process.exitCode(), process.lastStderr());
  }

  /** Ends the child; returns when it is gone. */
  @Override
  public void close() {
    expected = true;
    try {
      process.stop(writer::close);
      gone.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.killNow();
    }
  }
}
