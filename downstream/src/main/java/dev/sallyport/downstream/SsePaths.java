package dev.sallyport.downstream;

import java.util.regex.Pattern;

/**
 * The two endpoints of HTTP+SSE, the transport of 2024-11-05 (LH-24).
 *
 * @param stream where a client opens its event stream
 * @param messages where it posts what it has to say
 * @param shown the same as the client must write it: another one when a proxy changes paths
 */
public record SsePaths(String stream, String messages, String shown) {
  // Two slashes would begin a host.
  private static final Pattern PATH = Pattern.compile("/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/-]*");

  public static final SsePaths DEFAULT = new SsePaths("/sse", "/messages", "/messages");

  public SsePaths {
    for (String path : new String[] {stream, messages, shown}) {
      if (!PATH.matcher(path).matches()) {
        throw new IllegalArgumentException("a path begins with one / and is all there is");
      }
    }
    if (stream.equals(messages)) {
      throw new IllegalArgumentException("the stream and the messages have a path each");
    }
  }

  /** As clients must write where they post to. */
  public SsePaths withShown(String path) {
    return new SsePaths(stream, messages, path);
  }
}
