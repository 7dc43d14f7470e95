package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.transport.stdio.LineWriter;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.CallTable;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Faults;
import dev.sallyport.upstream.wire.Mailbox;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.Router;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The pipe to one child. Thread-safe. */
public final class ChildWire implements Wire {
  private static final int MOST_REPLIES = 64;
  private static final long DRAIN_MILLIS = 500;
  private static final long CLOSE_MILLIS = 2_000;

  private final ChildProcess process;
  private final WireBounds bounds;
  private final Consumer<ServerNotice> notices;
  private final Tally tally;
  private final LineWriter writer;
  private final Faults faults;
  private final CallTable calls;
  private final Semaphore replies = new Semaphore(MOST_REPLIES);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch readToEnd = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean expected;
  private volatile Optional<String> noServer = Optional.empty();
  private final AtomicReference<Optional<Inbound>> inbound =
      new AtomicReference<>(Optional.empty());
  private volatile long lastHeard = System.nanoTime();

  /**
   * @param tally of all processes of the server
   */
  public ChildWire(
      ChildProcess process, WireBounds bounds, Consumer<ServerNotice> notices, Tally tally) {
    this.tally = tally;
    this.process = process;
    this.bounds = bounds;
    this.notices = notices;
    faults = new Faults(this::tell, tally);
    calls =
        new CallTable(
            faults,
            bounds.calls(),
            number -> new Mailbox(bounds.notifications(), bounds.notificationBytes()));
    writer =
        new LineWriter(
            process.stdin(), bounds.queueBytes(), bounds.writeDeadline(), threadName("in"));
  }

  private String threadName(String role) {
    return "sallyport-child-" + process.pid() + "-" + role;
  }

  @Override
  public void start(Inbound takesTheRest) {
    if (inbound.getAndSet(Optional.of(takesTheRest)).isPresent()) {
      return;
    }
    Router router =
        new Router(calls, faults, this::rest, () -> giveUpAsNoServer("sends our requests back"));
    Thread.ofPlatform().name(threadName("out")).daemon(true).start(() -> read(router));
    // A grandchild that holds the output pipe keeps it from ending with the child.
    Thread.ofVirtual().name(threadName("exit")).start(this::watchExit);
  }

  private Inbound rest() {
    return inbound.get().orElseThrow();
  }

  @Override
  public String where() {
    return "stdio, pid " + process.pid();
  }

  @Override
  public void count(Fault fault) {
    faults.count(fault);
  }

  @Override
  public boolean alive() {
    return !ended.get();
  }

  @Override
  public CallTable calls() {
    return calls;
  }

  @Override
  public boolean hasStreamPerCall() {
    return false;
  }

  /** Nothing about a version is said outside of messages. */
  @Override
  public void agreed(ProtocolVersion version) {}

  @Override
  public void send(Call call, Message.Request request, Map<String, String> mirrored) {
    send(request);
  }

  @Override
  public void send(Message message) {
    if (!writer.write(message.toBytes()) && !Thread.currentThread().isInterrupted()) {
      giveUp();
    }
  }

  @Override
  public void cancel(Call call, String reason) {
    send(call.cancelled(reason)); // CS-09
  }

  @Override
  public boolean heardSince(long since) {
    return lastHeard - since >= 0;
  }

  @Override
  public void reply(Message.Reply reply) {
    if (!replies.tryAcquire()) {
      count(Fault.REQUEST_REFUSED);
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

  @Override
  public void tell(Remark remark) {
    notices.accept(new ServerNotice.Remarked("process " + process.pid(), remark));
  }

  private void read(Router router) {
    Runnable tooLong =
        () -> {
          count(Fault.LINE_TOO_LONG);
          router.lostAnswer("The server's answer is larger than allowed");
        };
    Runnable heard = () -> lastHeard = System.nanoTime();
    try {
      if (!new ChildReader(process.stdout(), bounds, router, tooLong, heard).run()) {
        giveUpAsNoServer("writes one line after the other that is no message");
      }
    } finally {
      readToEnd.countDown();
      giveUp();
    }
  }

  private void watchExit() {
    try {
      process.awaitExit();
      readToEnd.await(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    giveUp();
  }

  @Override
  public void giveUp() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    int lost = calls.lose();
    inbound.get().ifPresent(Inbound::onEnd);
    Thread.ofVirtual().name(threadName("end")).start(() -> endProcess(lost));
  }

  private void endProcess(int lost) {
    try {
      process.stop(writer::close);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!expected) {
        tally.count(Tally.Event.CRASHED);
        tally.count(Tally.Event.CALL_LOST, lost);
      }
      notices.accept(
          new ServerNotice.Exited(
              process.pid(), process.exitCode(), expected, process.lastStderr(), lost));
      gone.countDown();
    }
  }

  private void giveUpAsNoServer(String what) {
    noServer = Optional.of(what);
    giveUp();
  }

  @Override
  public StartException closeUnanswered(Duration waited) {
    boolean silent = alive();
    close();
    if (noServer.isPresent()) {
      return StartException.noServer(noServer.get(), process.lastStderr());
    }
    return silent
        ? StartException.silent(waited, process.lastStderr())
        : StartException.died(process.exitCode(), process.lastStderr());
  }

  @Override
  public void close() {
    expected = true;
    try {
      process.stop(writer::close);
      if (!gone.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        // Neither its output nor the process itself has ended, whatever was done to it.
        giveUp();
        gone.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.killNow();
    }
  }
}
