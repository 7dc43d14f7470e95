package dev.sallyport.transport.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;

/**
 * Writes a large body that is all there: the next slice when the socket has taken the last, so that
 * no more than a slice is copied for it at a time and no thread is woken in between. Confined to
 * the loop.
 */
final class Pump {
  private static final int SLICE = Credit.WINDOW;

  private final LoopResponse response;
  private final Credit credit;
  private final byte[] body;
  private final Consumer<Buffer> last;
  private final Runnable lost;
  private int at;

  /**
   * @param last writes the end of the body
   * @param lost runs when the peer is gone
   */
  Pump(LoopResponse response, Credit credit, byte[] body, Consumer<Buffer> last, Runnable lost) {
    this.response = response;
    this.credit = credit;
    this.body = body;
    this.last = last;
    this.lost = lost;
  }

  void run() {
    while (!response.isOver()) {
      if (body.length - at <= SLICE) {
        if (credit.end()) {
          last.accept(next());
        }
        return;
      }
      Future<Void> taken = response.write(next());
      if (!taken.isComplete()) {
        taken.onComplete(this::goOn);
        return;
      }
      if (taken.failed()) {
        break;
      }
      credit.progress();
    }
    lost.run();
  }

  private void goOn(AsyncResult<Void> taken) {
    if (taken.succeeded()) {
      credit.progress();
      run();
    } else {
      lost.run();
    }
  }

  private Buffer next() {
    int length = Math.min(SLICE, body.length - at);
    Buffer slice = BufferInternal.buffer(Unpooled.wrappedBuffer(body, at, length));
    at += length;
    return slice;
  }
}
