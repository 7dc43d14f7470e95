package dev.sallyport.transport.http;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The calls that are being served, each on a virtual thread of its own. All threads come from one
 * factory: the seam for a scheduler that would keep them on the loops. Thread-safe.
 */
final class Serving {
  private static final Log LOG = Log.of(Serving.class);

  private final HttpHandler service;
  private final Load load;
  private final ThreadFactory threads;

  /** Bounded by what the load admits. */
  private final Map<HttpCall, Thread> calls = new ConcurrentHashMap<>();

  private volatile boolean leaving;
  private volatile boolean draining;

  Serving(HttpHandler service, Load load, ThreadFactory threads) {
    this.service = service;
    this.load = load;
    this.threads = threads;
  }

  HttpHandler service() {
    return service;
  }

  /** Whether each answer is the last one on its connection. */
  boolean isLeaving() {
    return leaving;
  }

  boolean isDraining() {
    return draining;
  }

  /** Starts to serve a call that the load has admitted. */
  void start(HttpCall call, Seat seat) {
    Thread thread = threads.newThread(() -> serve(call, seat));
    calls.put(call, thread);
    if (draining) {
      cancel(call.draining());
    }
    thread.start();
  }

  private void serve(HttpCall call, Seat seat) {
    boolean served = false;
    try {
      service.serve(call);
      served = true;
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, "a request could not be served: " + call.head(), failure);
    } finally {
      // Also after an error: whatever happens in here, the peer gets an answer and its place ends.
      try {
        if (served) {
          call.finish();
        } else {
          call.fail();
        }
      } finally {
        calls.remove(call);
        seat.leave();
      }
    }
  }

  /** Cancels on a thread of its own: the actions are not ours, and loops must not wait for them. */
  void cancel(Cancellation cancellation) {
    threads.newThread(cancellation::cancel).start();
  }

  /** From now on peers are told not to come again by the same connection. */
  void leave() {
    leaving = true;
  }

  /** From now on requests are refused, and open streams are asked to end. */
  void drain() {
    draining = true;
    calls.keySet().forEach(call -> cancel(call.draining()));
  }

  /** Waits for all calls to end; those that do not are interrupted, and given a moment more. */
  void await(Duration limit) {
    try {
      if (!load.awaitNoRequests(limit)) {
        calls.values().forEach(Thread::interrupt);
        if (!load.awaitNoRequests(limit)) {
          LOG.log(Level.WARNING, "{0} requests ignore that the listener is closed", calls.size());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
