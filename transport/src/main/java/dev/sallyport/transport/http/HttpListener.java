package dev.sallyport.transport.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/** A listening socket and everything that came in through it. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class HttpListener implements AutoCloseable {
  private HttpListener() {}

  /**
   * Starts to listen.
   *
   * @throws ListenException when that cannot be, with a message for the person who asked for it
   */
  public static HttpListener open(ListenOptions options, HttpService service)
      throws ListenException {
    throw new UnsupportedOperationException();
  }

  /** Where it listens: with the port that was picked when port 0 was asked for. */
  public InetSocketAddress address() {
    throw new UnsupportedOperationException();
  }

  /**
   * Stops in good order: accepts nothing more, tells open streams to end ({@link
   * HttpCall#draining}), lets answers finish until the limit, then closes. Blocks until closed.
   */
  public void drain(Duration limit) {
    throw new UnsupportedOperationException();
  }

  /** Stops at once; whoever is still being served is cut off. Blocks until closed. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
