package dev.sallyport.transport.outbound;

import java.time.Duration;

/**
 * How much one fetch may take.
 *
 * @param whole for everything: a turn, names, connections, redirects, and the last byte
 * @param mostBytes of the body
 * @param redirects followed; each is a request of its own
 */
public record FetchBounds(Duration whole, int mostBytes, int redirects) {
  public static final FetchBounds DEFAULT = new FetchBounds(Duration.ofSeconds(5), 1024 * 1024, 3);

  public FetchBounds withWhole(Duration limit) {
    return new FetchBounds(limit, mostBytes, redirects);
  }

  public FetchBounds withMostBytes(int most) {
    return new FetchBounds(whole, most, redirects);
  }

  public FetchBounds withRedirects(int most) {
    return new FetchBounds(whole, mostBytes, most);
  }
}
