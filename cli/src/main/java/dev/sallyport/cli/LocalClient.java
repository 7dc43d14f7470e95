package dev.sallyport.cli;

import dev.sallyport.downstream.stdio.StdioEndpoint;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.time.Duration;

/**
 * The client at the other end of our standard input and output, served by a thread of its own: a
 * silent client blocks whoever reads. Thread-safe.
 */
final class LocalClient implements AutoCloseable {
  private static final Log LOG = Log.of(LocalClient.class);

  /**
   * Longer than cancelled requests are waited for; a client that takes no output is left behind.
   */
  private static final Duration ENDING = Duration.ofSeconds(3);

  private final InputStream in;
  private final Thread thread;

  /** Fires when all of its conversation is over. */
  private final Cancellation left = new Cancellation();

  private LocalClient(InputStream in, StdioEndpoint endpoint) {
    this.in = in;
    thread =
        Thread.ofPlatform().daemon(true).name("sallyport-stdio").unstarted(() -> serve(endpoint));
  }

  /**
   * Our own standard input and output.
   *
   * @param in closing it wakes who reads it
   */
  record Pipe(InputStream in, OutputStream out) {
    /** From now on nothing that anything here prints can get between the messages (SS-02). */
    static Pipe take() {
      System.setOut(System.err);
      System.setIn(InputStream.nullInputStream());
      // By way of a channel, because a plain stream that is closed lets its reader wait on.
      return new Pipe(
          Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
          new FileOutputStream(FileDescriptor.out));
    }
  }

  /** Lets the gateway of a pipe serve it from now on. */
  static LocalClient serve(Pipe pipe, StdioEndpoint endpoint) {
    LocalClient client = new LocalClient(pipe.in(), endpoint);
    client.thread.start();
    return client;
  }

  private void serve(StdioEndpoint endpoint) {
    try {
      endpoint.run();
    } finally {
      left.cancel();
    }
  }

  /** Fires when it has closed its end and has been answered. */
  Cancellation left() {
    return left;
  }

  /** Waits until it has left, if it does so in time. */
  void awaitLeft(Duration limit) throws InterruptedException {
    thread.join(limit);
  }

  /** Reads no more of it, and lets what is in progress end. */
  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "standard input is not to be closed: {0}", e.getMessage());
    }
    try {
      thread.join(ENDING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
