package dev.sallyport.cli;

import dev.sallyport.protocol.Log;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.wire.Remark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Tells the operator, a line each, what happens to a server's processes while it is shared. What
 * they write themselves is shown only when asked for: it can hold what callers sent. News come on
 * threads that must not wait for a terminal, so they queue for one that may. Thread-safe.
 */
final class ServerNews implements Consumer<ServerNotice>, AutoCloseable {
  private static final Log LOG = Log.of(ServerNews.class);
  private static final int MOST_WAITING = 1_000;
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Screen screen;
  private final String server;
  private final boolean verbose;
  private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicInteger toReplace = new AtomicInteger();
  private final AtomicReference<Optional<Remark>> fault = new AtomicReference<>(Optional.empty());
  private final Thread printer;
  private volatile boolean serving;

  private ServerNews(Screen screen, String server, boolean verbose) {
    this.screen = screen;
    this.server = server;
    this.verbose = verbose;
    printer = Thread.ofPlatform().daemon(true).name("sallyport-news").unstarted(this::print);
  }

  /**
   * @param verbose whether everything is told, from the first start on
   */
  static ServerNews of(Screen screen, String server, boolean verbose) {
    ServerNews news = new ServerNews(screen, server, verbose);
    news.printer.start();
    return news;
  }

  /** It has come up. Until now whoever starts it says how that went. */
  void nowServing() {
    serving = true;
  }

  /** How its processes end from now on is our doing. */
  void nowStopping() {
    serving = false;
  }

  /** The last thing that a process did wrong. */
  Optional<Remark> fault() {
    return fault.get();
  }

  @Override
  public void accept(ServerNotice notice) {
    if (LOG.tellsDetails()) {
      log(notice);
    }
    switch (notice) {
      case ServerNotice.Started(long pid) -> {
        if (toReplace.getAndUpdate(crashes -> Math.max(0, crashes - 1)) > 0) {
          tell(() -> screen.say("  " + server + " " + notice.text()));
        } else {
          detail(pid, notice);
        }
      }
      case ServerNotice.NotStarted _, ServerNotice.Parked _ -> {
        if (serving) {
          tell(() -> screen.warn(server + " " + notice.text()));
        }
      }
      case ServerNotice.Exited exited -> exited(exited);
      case ServerNotice.Remarked(String who, Remark.Unattributed _) -> detail(who, notice);
      case ServerNotice.Remarked(String who, Remark remark) -> {
        fault.set(Optional.of(remark));
        if (serving) {
          tell(() -> screen.warn(server + ", " + who + ": " + remark.text()));
        } else {
          detail(who, notice);
        }
      }
      case ServerNotice.Stderr(long pid, String _) -> detail(pid, notice);
      case ServerNotice.StderrSkipped(long pid, long _) -> detail(pid, notice);
    }
  }

  /** Not what it wrote, which can hold what callers sent. */
  private void log(ServerNotice notice) {
    switch (notice) {
      case ServerNotice.Started _ -> LOG.detail(server + ": " + notice.text());
      case ServerNotice.Exited exited -> LOG.detail(server + ": " + end(exited));
      case ServerNotice.NotStarted _,
          ServerNotice.Parked _,
          ServerNotice.Remarked _,
          ServerNotice.Stderr _,
          ServerNotice.StderrSkipped _ -> {}
    }
  }

  private static String end(ServerNotice.Exited exited) {
    return "process %d %s, code %s, calls that failed with it: %d"
        .formatted(
            exited.pid(),
            exited.expected() ? "ended" : "exited",
            exited.exitCode().isPresent() ? exited.exitCode().getAsInt() : "unknown",
            exited.callsLost());
  }

  private void exited(ServerNotice.Exited exited) {
    if (serving && !exited.expected()) {
      toReplace.incrementAndGet();
      tell(() -> screen.warn(server + " " + exited.text() + " The next call starts it again."));
    } else {
      detail(exited.pid(), exited);
    }
  }

  private void detail(long pid, ServerNotice notice) {
    detail(String.valueOf(pid), notice);
  }

  private void detail(String who, ServerNotice notice) {
    if (verbose) {
      tell(() -> screen.say("  " + server + "[" + who + "] " + notice.text()));
    }
  }

  private void tell(Runnable line) {
    if (!waiting.offer(line)) {
      leftOut.incrementAndGet();
    }
  }

  private void print() {
    try {
      while (true) {
        waiting.take().run();
        long missing = leftOut.getAndSet(0);
        if (missing > 0) {
          screen.warn(server + ": " + missing + " lines left out, more than can be shown");
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      List<Runnable> rest = new ArrayList<>();
      waiting.drainTo(rest);
      rest.forEach(Runnable::run);
    }
  }

  /** What has been told is printed, unless nobody takes it. */
  @Override
  public void close() {
    printer.interrupt();
    try {
      printer.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
