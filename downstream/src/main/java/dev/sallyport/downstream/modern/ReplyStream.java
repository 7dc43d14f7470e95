package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.ClientCall;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Message.Notification;
import dev.sallyport.transport.http.EventStream;
import dev.sallyport.transport.http.HttpFields;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer to one request: a single JSON object, unless a notification comes first; then a stream
 * from there on (SH-08). So the HTTP status is open until the first byte, and an error found later
 * is the stream's last event (SH-21). No event ids (SH-15). Thread-safe.
 */
final class ReplyStream implements ClientChannel {
  private final ClientCall call;
  // Held while sending: it is the order of messages that it protects, so that nothing can follow
  // the reply. Only threads of this one request ever wait for it.
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<EventStream> stream = Optional.empty();
  private boolean over;

  ReplyStream(ClientCall call) {
    this.call = call;
  }

  @Override
  public void notify(Notification notification) {
    if (!call.accepts().events()) {
      return;
    }
    turn.lock();
    try {
      if (!over) {
        open().send(EventStream.Event.of(notification.toBytes()));
      }
    } finally {
      turn.unlock();
    }
  }

  /** Sends the last message. */
  void end(Ending ending) {
    turn.lock();
    try {
      over = true;
      if (ending.message().isEmpty()) {
        return;
      }
      if (stream.isEmpty() && !call.accepts().json() && isSuccess(ending)) {
        stream = Optional.of(open());
      }
      if (stream.isPresent()) {
        stream.get().send(EventStream.Event.of(ending.message().get().toBytes()));
        stream.get().end();
        return;
      }
    } finally {
      turn.unlock();
    }
    answer(ending);
  }

  private void answer(Ending ending) {
    switch (ending) {
      case Ending.Replied(var status, var reply) -> call.reply(status, reply);
      case Ending.Refused(var id, var refusal) -> call.refused(refusal, Optional.of(id));
      case Ending.Nothing _ -> {}
    }
  }

  private EventStream open() {
    if (stream.isEmpty()) {
      stream = Optional.of(call.stream(HttpFields.empty()));
    }
    return stream.get();
  }

  private static boolean isSuccess(Ending ending) {
    return ending instanceof Ending.Replied replied && replied.status() == 200;
  }
}
