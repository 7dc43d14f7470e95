package dev.sallyport.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A listener under test. Closing it checks that nothing is left of it: no request, no connection,
 * no memory accounted to a body, no thread.
 */
final class Listening implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpListener listener;
  private final Set<Thread> before;
  private final Queue<Thread> started;
  private final AtomicInteger served;

  private Listening(
      HttpListener listener, Set<Thread> before, Queue<Thread> started, AtomicInteger served) {
    this.listener = listener;
    this.before = before;
    this.started = started;
    this.served = served;
  }

  static ListenOptions options() {
    return ListenOptions.at("127.0.0.1", 0);
  }

  static Listening to(Consumer<HttpCall> serve) throws ListenException {
    return with(options(), serve);
  }

  static Listening with(ListenOptions options, Consumer<HttpCall> serve) throws ListenException {
    return with(options, head -> Optional.empty(), serve);
  }

  static Listening with(
      ListenOptions options,
      Function<HttpHead, Optional<HttpAnswer>> screen,
      Consumer<HttpCall> serve)
      throws ListenException {
    return with(options, screen, serve, 1);
  }

  static Listening with(
      ListenOptions options,
      Function<HttpHead, Optional<HttpAnswer>> screen,
      Consumer<HttpCall> serve,
      int loops)
      throws ListenException {
    Set<Thread> before = engineThreads();
    Queue<Thread> started = new ConcurrentLinkedQueue<>();
    ThreadFactory virtual = Thread.ofVirtual().factory();
    ThreadFactory noting =
        task -> {
          Thread thread = virtual.newThread(task);
          started.add(thread);
          return thread;
        };
    AtomicInteger served = new AtomicInteger();
    HttpHandler service =
        new HttpHandler() {
          @Override
          public Optional<HttpAnswer> screen(HttpHead head) {
            return screen.apply(head);
          }

          @Override
          public void serve(HttpCall call) {
            served.incrementAndGet();
            serve.accept(call);
          }
        };
    HttpEngine engine = HttpEngine.begin(loops);
    return new Listening(
        HttpListener.open(engine, Optional.of(engine), options, service, noting),
        before,
        started,
        served);
  }

  /** Answers with what was sent. */
  static void echo(HttpCall call) {
    call.answer(HttpAnswer.json(200, call.body()));
  }

  InetSocketAddress address() {
    return listener.address();
  }

  HttpListener listener() {
    return listener;
  }

  Load load() {
    return listener.load();
  }

  int served() {
    return served.get();
  }

  RawClient client() throws java.io.IOException {
    return RawClient.to(address());
  }

  private static Set<Thread> engineThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("vert.x-"));
    return threads;
  }

  @Override
  public void close() {
    listener.close();
    for (Thread thread : started) {
      assertThat(hasEnded(thread)).as("%s has ended", thread).isTrue();
    }
    Set<Thread> left = engineThreads();
    left.removeAll(before);
    for (Thread thread : left) {
      assertThat(hasEnded(thread)).as("%s has ended", thread).isTrue();
    }
    assertThat(load().requests()).as("requests").isZero();
    assertThat(load().connections()).as("connections").isZero();
    assertThat(load().bodyBytes()).as("bytes of bodies").isZero();
  }

  private static boolean hasEnded(Thread thread) {
    try {
      return thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
