package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import dev.sallyport.transport.stdio.LineWriter;
import java.io.IOException;
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
  private static final JsonBounds JSON = new JsonBounds(256, 1_000, 10_000, 10_000_000);
  private static final int MOST_REPLIES = 64;
  private static final long DRAIN_MILLIS = 500;

  private final ChildProcess process;
  private final WireBounds bounds;
  private final Consumer<ChildNotice> notices;
  private final LineWriter writer;
  private final Faults faults;
  private final Envelope envelope = new Envelope(JSON);
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
    LineReader lines = new LineReader(process.stdout(), bounds.lineBytes());
    int garbage = 0;
    try {
      while (garbage <= bounds.garbage()) {
        switch (lines.next()) {
          case Line.Text text -> garbage = take(text.utf8()) ? 0 : garbage + 1;
          case Line.TooLong tooLong -> answerTooLong();
          case Line.End end -> {
            return;
          }
        }
      }
    } catch (IOException closed) {
      // The pipe went away with the process: the end, told differently.
      return;
    } finally {
      readToEnd.countDown();
      end();
    }
  }

  private boolean take(byte[] line) {
    lastHeard = System.nanoTime();
    return take(envelope.readFromServer(line));
  }

  private boolean take(Envelope.Reading reading) {
    return switch (reading) {
      case Envelope.Reading.Single single -> {
        route(single.message());
        yield true;
      }
      // 2025-03-26 allows arrays; nobody else should send them, and they do no harm.
      case Envelope.Reading.Batch batch ->
          batch.elements().stream().filter(each -> take(each)).count() > 0;
      case Envelope.Reading.Broken broken -> {
        faults.count(Fault.NOT_A_MESSAGE);
        // A malformed answer still ends the call it names, rather than let it wait for another.
        Optional<Call> call = broken.id().flatMap(this::named);
        call.ifPresent(
            named -> answer(named, RpcError.internal("The server's answer was malformed")));
        yield call.isPresent();
      }
    };
  }

  private void route(Message message) {
    switch (message) {
      case Message.Request request -> inbound.onRequest(request);
      case Message.Notification notification -> {
        if (Method.PROGRESS.is(notification.method())) {
          progress(notification);
        } else {
          inbound.onNotification(notification);
        }
      }
      case Message.Result result -> answer(Optional.of(result.id()), result);
      case Message.Failure failure -> answer(failure.id(), failure);
    }
  }

  private void answer(Optional<RpcId> id, Message.Reply reply) {
    if (!id.flatMap(this::named).map(call -> call.put(new Mail.Answered(reply))).orElse(false)) {
      faults.count(Fault.UNKNOWN_ANSWER);
    }
  }

  private static void answer(Call call, RpcError error) {
    call.put(new Mail.Answered(new Message.Failure(Optional.of(call.id()), error)));
  }

  private void progress(Message.Notification notification) {
    Optional<Call> call =
        notification
            .params()
            .get("progressToken")
            .filter(RpcId::isId)
            .map(RpcId::new)
            .flatMap(this::named)
            .filter(Call::wantsProgress);
    if (call.isEmpty()) {
      faults.count(Fault.UNKNOWN_PROGRESS);
    } else if (!call.get().put(new Mail.Notified(notification))) {
      faults.count(Fault.NOTIFICATION_DROPPED);
    }
  }

  private Optional<Call> named(RpcId id) {
    if (id.token().kind() == Json.Kind.STRING) {
      faults.count(Fault.ID_AS_STRING);
    }
    return calls.find(id);
  }

  /** A line too long to keep is most likely the one answer that is due. */
  private void answerTooLong() {
    faults.count(Fault.LINE_TOO_LONG);
    calls
        .only(call -> !call.isParked())
        .ifPresent(
            call -> answer(call, RpcError.internal("The server's answer is larger than allowed")));
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
