package dev.sallyport.server;

import dev.sallyport.downstream.CallLimits;
import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.downstream.McpEndpoint;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.ProtocolVersion.Era;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/**
 * A server that is being served over Streamable HTTP, to clients on this machine, whom nobody
 * checks. Thread-safe.
 */
public final class HttpServing implements AutoCloseable {
  private static final String PATH = "/mcp";

  /** How long answers may take to finish when it ends. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final HttpListener listener;
  private final McpEndpoint endpoint;

  private HttpServing(HttpListener listener, McpEndpoint endpoint) {
    this.listener = listener;
    this.endpoint = endpoint;
  }

  /**
   * @throws NotLoopbackException when others could reach it; nothing here would check them
   * @throws IOException when it cannot listen there, with one line that says why
   */
  static HttpServing open(Handler server, String host, int port, Set<Era> eras) throws IOException {
    String address = loopback(host);
    Identity local = CommandLine.localUser();
    McpEndpoint endpoint =
        new McpEndpoint(
            EndpointOptions.of("server", PATH)
                .withEras(eras)
                .withCalls(CallLimits.DEFAULT.forOneCaller()),
            head -> new CallerCheck.Verdict.Known(local),
            server,
            Clock.systemUTC(),
            new SecureRandom());
    try {
      return new HttpServing(
          HttpListener.open(ListenOptions.at(address, port), endpoint), endpoint);
    } catch (ListenException unable) {
      endpoint.close();
      throw new IOException(unable.getMessage(), unable);
    }
  }

  /** The address itself, so that the name is not looked up again after the check. */
  private static String loopback(String host) throws IOException {
    try {
      InetAddress[] all = InetAddress.getAllByName(host);
      if (!Arrays.stream(all).allMatch(InetAddress::isLoopbackAddress)) {
        throw new NotLoopbackException(host);
      }
      return all[0].getHostAddress();
    } catch (UnknownHostException unknown) {
      throw new IOException("there is no host called " + host, unknown);
    }
  }

  /** Where clients connect to. */
  public URI url() {
    String host = listener.address().getAddress().getHostAddress();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + shown + ":" + listener.address().getPort() + PATH);
  }

  /** Ends in good order: open streams properly, running answers within a few seconds. */
  @Override
  public void close() {
    listener.drain(DRAIN, endpoint::close);
    endpoint.close();
  }
}
