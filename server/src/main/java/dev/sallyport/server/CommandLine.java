package dev.sallyport.server;

import dev.sallyport.downstream.stdio.StdioEndpoint;
import dev.sallyport.downstream.stdio.StdioOptions;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.JsonWriter;
import dev.sallyport.protocol.ProtocolVersion.Era;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Serves a server as its command line asks, until there is nothing more to do. */
final class CommandLine {
  static final int USAGE = 2;
  static final int FAILURE = 1;
  static final int CONFIGURATION = 78;

  /** Longer than draining takes. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final McpServer server;
  private final PrintStream out;
  private final PrintStream messages;

  /**
   * @param out for what a program reads: the protocol, or where the server is
   * @param messages for what a person reads
   */
  CommandLine(McpServer server, PrintStream out, PrintStream messages) {
    this.server = server;
    this.out = out;
    this.messages = messages;
  }

  /** Blocks until done; the exit code. */
  int run(String... args) {
    return switch (RunOptions.of(args)) {
      case RunOptions.Help() -> {
        out.print(RunOptions.HELP);
        yield 0;
      }
      case RunOptions.Unclear(String why) -> fail(why + "; --help lists what there is", USAGE);
      case RunOptions.Stdio(Set<Era> eras) -> stdio(eras);
      case RunOptions.Http(String host, int port, Set<Era> eras) -> http(host, port, eras);
    };
  }

  private int stdio(Set<Era> eras) {
    // Whatever the author's code prints must not get between the messages (SS-03).
    System.setOut(System.err);
    System.setIn(InputStream.nullInputStream());
    serve(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), eras);
    return 0;
  }

  void serve(InputStream in, OutputStream to, Set<Era> eras) {
    try (server) {
      new StdioEndpoint(
              in,
              to,
              localUser(),
              server,
              StdioOptions.DEFAULT.withEras(eras),
              Clock.systemUTC(),
              new SecureRandom())
          .run();
    }
  }

  static Identity localUser() {
    return Identity.local(System.getProperty("user.name", ""));
  }

  private int http(String host, int port, Set<Era> eras) {
    CountDownLatch asked = new CountDownLatch(1);
    Thread here = Thread.currentThread();
    try (server;
        HttpServing serving = HttpServing.open(server, host, port, eras)) {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(asked, here)));
      out.println(ready(serving));
      out.flush();
      // From here on standard output is silent: whoever started this reads one line of it.
      System.setOut(System.err);
      asked.await();
      return 0;
    } catch (NotLoopbackException others) {
      return fail("refused: " + others.getMessage(), CONFIGURATION);
    } catch (IOException unable) {
      return fail(String.valueOf(unable.getMessage()), FAILURE);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return FAILURE;
    }
  }

  private static String ready(HttpServing serving) {
    return new JsonWriter(64)
        .beginObject()
        .member("url", serving.url().toString())
        .name("pid")
        .number(ProcessHandle.current().pid())
        .endObject()
        .toJson()
        .text();
  }

  /**
   * The program was sent a signal. Its main thread goes on to the end, so that it closes whatever
   * it opened; then the exit code is 0, and not the one of the signal.
   */
  private static void stop(CountDownLatch asked, Thread main) {
    asked.countDown();
    try {
      boolean ended = main.join(LONGEST);
      Runtime.getRuntime().halt(ended ? 0 : FAILURE);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private int fail(String why, int code) {
    messages.println(server.info().string("name").orElse("") + ": " + why);
    return code;
  }
}
