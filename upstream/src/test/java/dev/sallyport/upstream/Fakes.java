package dev.sallyport.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Question;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.upstream.stdio.ServerNotice;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Servers made of {@link FakeChild}, exchanges for them, and a look at what they leave behind. */
public final class Fakes {
  static final Caller ALICE = new Caller("key", "alice", "k1");
  static final Caller BOB = new Caller("key", "bob", "k2");
  private static final String MARK = "FAKE_CHILD_OF_THIS_RUN";
  private static final AtomicInteger MADE = new AtomicInteger();
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final String run = ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
  private final Map<List<String>, UpstreamServer> shared = new HashMap<>();
  final BlockingQueue<ServerNotice> notices = new LinkedBlockingQueue<>(100_000);
  private final List<UpstreamServer> servers = new ArrayList<>();

  Fakes() {
    OPEN.incrementAndGet();
  }

  /** The command line of a fake child. */
  ChildCommand command(String... quirks) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                FakeChild.class.getName()));
    command.addAll(List.of(quirks));
    return new ChildCommand(command, Map.of(MARK, run), List.of(), Optional.empty());
  }

  static UpstreamOptions impatient() {
    return UpstreamOptions.DEFAULT.withPatience(
        new UpstreamOptions.Patience(
            Duration.ofMillis(1_500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofMillis(150),
            Duration.ofMillis(400),
            Duration.ofMillis(400)));
  }

  /** A server that tests use one after the other, because starting one takes a while. */
  UpstreamServer shared(String... quirks) throws StartException {
    UpstreamServer known = shared.get(List.of(quirks));
    if (known != null) {
      return known;
    }
    UpstreamServer server = server(quirks);
    shared.put(List.of(quirks), server);
    return server;
  }

  /** The era is known, which saves a process, unless the quirks say modern. */
  UpstreamServer server(String... quirks) throws StartException {
    return server(options -> options, quirks);
  }

  UpstreamServer server(UnaryOperator<UpstreamOptions> change, String... quirks)
      throws StartException {
    EraChoice era = List.of(quirks).contains("modern") ? EraChoice.MODERN : EraChoice.LEGACY;
    return server(options -> change.apply(options.withEra(era)), command(quirks));
  }

  UpstreamServer server(UnaryOperator<UpstreamOptions> change, ChildCommand command)
      throws StartException {
    UpstreamServer server =
        UpstreamServer.open("fake", command, change.apply(impatient()).withNotices(notices::add));
    servers.add(server);
    return server;
  }

  /** Ends everything and looks whether anything is left. */
  void close() throws InterruptedException {
    for (UpstreamServer server : servers) {
      server.close();
    }
    until("no process is left", () -> running().isEmpty());
    boolean last = OPEN.decrementAndGet() == 0;
    until(
        "no thread of a child is left",
        () ->
            !last
                || Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("sallyport-child")));
  }

  /** Stops a process in its tracks. */
  static void freeze(String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
    Path stat = Path.of("/proc", pid, "stat");
    until("process " + pid + " stands still", () -> read(stat).matches("(?s).*\\) T .*"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Processes of these servers, zombies aside. */
  List<Long> running() {
    return marked(MARK + "=" + run + "\0");
  }

  /** Processes of the servers that a program like this one has made. */
  static List<Long> runningOf(long program) {
    return marked(MARK + "=" + program + "-");
  }

  private static List<Long> marked(String mark) {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        if (isMarked(process, mark)) {
          pids.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return pids;
  }

  private static boolean isMarked(Path process, String mark) {
    try {
      // A zombie's environment reads as empty.
      String environment =
          Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(mark);
    } catch (IOException gone) {
      return false;
    }
  }

  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    BlockingQueue<String> nothing = new LinkedBlockingQueue<>(1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      nothing.poll(5, TimeUnit.MILLISECONDS);
    }
  }

  /** A notice of a type, waiting for it. */
  <T extends ServerNotice> T notice(Class<T> type) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      ServerNotice next = notices.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(next).as("a notice of " + type.getSimpleName()).isNotNull();
      if (type.isInstance(next)) {
        return type.cast(next);
      }
    }
  }

  /** A remark of a type, waiting for it. */
  <T extends Remark> T remark(Class<T> type) throws InterruptedException {
    while (true) {
      Remark next = notice(ServerNotice.Remarked.class).remark();
      if (type.isInstance(next)) {
        return type.cast(next);
      }
    }
  }

  /** The process that was asked for the facts of a server. */
  static String pid(UpstreamServer server) {
    return server.facts().where().replace("stdio, pid ", "");
  }

  static JsonObject json(String text) {
    try {
      return Json.parse(text.replace('\'', '"')).asObject().orElseThrow();
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static Ask call(String tool) {
    return new Ask("tools/call", JsonObject.of("name", Json.of(tool)));
  }

  static Ask call(String tool, String arguments) {
    return new Ask(
        "tools/call", JsonObject.of("name", Json.of(tool), "arguments", json(arguments).toJson()));
  }

  static Ask ask(String method, String params) {
    return new Ask(method, json(params));
  }

  /** The text of a tool's first content block. */
  static String text(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
    return ((Outcome.Complete) outcome)
        .result()
        .array("content")
        .flatMap(content -> content.getFirst().asObject())
        .flatMap(block -> block.string("text"))
        .orElseThrow();
  }

  static Outcome.InputRequired questions(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.InputRequired.class);
    return (Outcome.InputRequired) outcome;
  }

  static Outcome.Failed failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  /** A call that hangs, and has reached the child already. */
  Hanging hang(UpstreamServer server, Ask ask) throws InterruptedException {
    Ask hanging = ask.token(Json.of("hangs"));
    Running running = hanging.start(server);
    hanging.next();
    return new Hanging(hanging, running);
  }

  /** A call that goes on until it is cancelled. */
  record Hanging(Ask ask, Running running) {
    void end() throws InterruptedException {
      ask.cancellation.cancel();
      assertThat(running.outcome()).isEqualTo(new Outcome.Cancelled());
    }
  }

  /** An exchange to be, and what it hears while it runs. */
  static final class Ask {
    final BlockingQueue<Message.Notification> heard = new LinkedBlockingQueue<>(100_000);
    final Cancellation cancellation = new Cancellation();
    Consumer<Message.Notification> onHeard = notification -> {};
    private final String method;
    private final JsonObject params;
    private Caller caller = ALICE;
    private JsonObject capabilities = JsonObject.EMPTY;
    private Optional<LogLevel> logLevel = Optional.empty();
    private Optional<Json> token = Optional.empty();
    private Optional<Continuation> continuation = Optional.empty();
    private Optional<ClientSession> session = Optional.empty();

    Ask(String method, JsonObject params) {
      this.method = method;
      this.params = params;
    }

    Ask by(Caller other) {
      caller = other;
      return this;
    }

    Ask in(ClientSession some) {
      session = Optional.of(some);
      return this;
    }

    Ask can(String some) {
      capabilities = json(some);
      return this;
    }

    Ask logging(String level) {
      logLevel = LogLevel.of(level);
      return this;
    }

    Ask token(Json some) {
      token = Optional.of(some);
      return this;
    }

    /** The same request, made again with answers. */
    Ask answering(Outcome.InputRequired questions, String answers) {
      Ask again = new Ask(method, params).by(caller);
      again.capabilities = capabilities;
      again.token = token;
      again.continuation = Optional.of(new Continuation(json(answers), questions.handle()));
      return again;
    }

    /** The same request, made again by a client that answers all questions with an error. */
    Ask declining(Outcome.InputRequired questions, int code, String message) {
      Ask again = answering(questions, "{}");
      Map<String, Continuation.Declined> declined = new HashMap<>();
      for (Question question : questions.questions()) {
        declined.put(
            question.key(),
            new Continuation.Declined(question.method(), RpcError.of(code, message)));
      }
      again.continuation =
          Optional.of(new Continuation(JsonObject.EMPTY, questions.handle(), declined));
      return again;
    }

    Ask withHandle(String handle, String answers) {
      continuation = Optional.of(new Continuation(json(answers), Optional.of(handle)));
      return this;
    }

    Exchange exchange() {
      return new Exchange(
          method,
          params,
          continuation,
          new Origin(caller, "test", session, Optional.of(RpcId.of(1))),
          new ClientContext(
              ProtocolVersion.LATEST_MODERN,
              capabilities,
              Optional.of(json("{'name':'test','version':'1'}")),
              logLevel),
          token,
          notification -> {
            heard.add(notification);
            onHeard.accept(notification);
          },
          cancellation);
    }

    Outcome of(UpstreamServer server) {
      return server.handle(exchange());
    }

    /** Runs on a thread of its own. */
    Running start(UpstreamServer server) {
      return new Running(() -> server.handle(exchange()));
    }

    Message.Notification next() throws InterruptedException {
      Message.Notification next = heard.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("a notification").isNotNull();
      return next;
    }
  }

  /** An exchange that is being carried out. */
  static final class Running {
    private final FutureTask<Outcome> task;

    Running(Callable<Outcome> work) {
      task = new FutureTask<>(work);
      Thread.ofVirtual().start(task);
    }

    Outcome outcome() throws InterruptedException {
      try {
        return task.get(15, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("the exchange did not end well", e);
      }
    }

    boolean isDone() {
      return task.isDone();
    }
  }
}
