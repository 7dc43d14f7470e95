package dev.sallyport.upstream.stdio;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.transport.stdio.Line;
import dev.sallyport.transport.stdio.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads what one child writes and routes it: answers and progress to their calls, the rest to
 * whoever speaks the child's era. Expects the child to lie: what is no message, answers nothing or
 * belongs to nobody is counted and dropped. Confined to the child's reading thread; never blocks
 * but to read.
 */
final class WireReader {
  private static final System.Logger LOG = System.getLogger(WireReader.class.getName());
  // A server's answer may be large; that is what the bound on lines is for.
  private static final Envelope ENVELOPE =
      new Envelope(new JsonBounds(256, 1_000, 10_000, 10_000_000));

  private final LineReader lines;
  private final int mostGarbage;
  private final CallTable calls;
  private final Faults faults;
  private final Wire.Inbound inbound;
  private final Runnable heard;

  WireReader(
      InputStream stdout,
      WireBounds bounds,
      CallTable calls,
      Faults faults,
      Wire.Inbound inbound,
      Runnable heard) {
    lines = new LineReader(stdout, bounds.lineBytes());
    mostGarbage = bounds.garbage();
    this.calls = calls;
    this.faults = faults;
    this.inbound = inbound;
    this.heard = heard;
  }

  /** Returns when the child has closed its output, or writes nothing but garbage. */
  void run() {
    int garbage = 0;
    try {
      while (garbage <= mostGarbage) {
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
      LOG.log(System.Logger.Level.DEBUG, "a child's output: {0}", closed.getMessage());
    }
  }

  private boolean take(byte[] line) {
    heard.run();
    return take(ENVELOPE.readFromServer(line));
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
}
