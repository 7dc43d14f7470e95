package dev.sallyport.gateway;

import dev.sallyport.downstream.CallerCheck;
import dev.sallyport.downstream.McpEndpoint;
import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.downstream.stdio.StdioEndpoint;
import dev.sallyport.downstream.stdio.StdioOptions;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Handler;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/**
 * A running gateway. {@link #open} wires it, by constructors, in the order in which a request meets
 * the parts; {@link #overStdio} wires the same flow for one client on a pipe.
 */
public final class Gateway implements AutoCloseable {
  private final HttpListener listener;
  private final McpEndpoint endpoint;

  private Gateway(HttpListener listener, McpEndpoint endpoint) {
    this.listener = listener;
    this.endpoint = endpoint;
  }

  /**
   * Starts to serve. The upstream stays the caller's to close, after the gateway.
   *
   * @param localUser whom a caller without a key is taken for when keys are not asked for
   * @throws ListenException when the address cannot be listened on
   */
  public static Gateway open(GatewayOptions options, Handler upstream, String localUser)
      throws ListenException {
    return open(
        service -> HttpListener.open(options.listen(), service), options, upstream, localUser);
  }

  /** The same with an engine that was begun earlier, and that is closed later by whoever did. */
  public static Gateway open(
      HttpEngine engine, GatewayOptions options, Handler upstream, String localUser)
      throws ListenException {
    return open(
        service -> HttpListener.open(engine, options.listen(), service),
        options,
        upstream,
        localUser);
  }

  private interface Listening {
    HttpListener begin(HttpHandler service) throws ListenException;
  }

  private static Gateway open(
      Listening listening, GatewayOptions options, Handler upstream, String localUser)
      throws ListenException {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    CallFlow flow = flow(options.limits(), options.endpoint().route(), upstream, clock, random);
    CallerCheck callers =
        options
            .keys()
            .<CallerCheck>map(KeyCheck::new)
            .orElse(new UncheckedLocal(Caller.local(localUser)));
    McpEndpoint endpoint = new McpEndpoint(options.endpoint(), callers, flow, clock, random);
    HttpHandler service =
        options.proxies().isEmpty() ? endpoint : new ProxiedPeers(options.proxies(), endpoint);
    try {
      return new Gateway(listening.begin(service), endpoint);
    } catch (ListenException | RuntimeException notListening) {
      endpoint.close(); // it sweeps on threads of its own from the start
      throw notListening;
    }
  }

  private static CallFlow flow(
      Limits.Bounds limits, String route, Handler upstream, Clock clock, SecureRandom random) {
    Seal seal = new Seal(new SealKeys(clock, random, TaskIds.keysLast()), clock, random);
    return new CallFlow(new Limits(limits, System::nanoTime), new TaskIds(upstream, seal, route));
  }

  /**
   * The same flow in front of the upstream, for one client on a pipe: nobody listens, and the
   * caller is the local user, who started the program. Whoever runs the result serves until the
   * input ends; the upstream stays theirs to close.
   */
  public static StdioEndpoint overStdio(
      InputStream in,
      OutputStream out,
      StdioOptions options,
      Limits.Bounds limits,
      Handler upstream,
      String localUser) {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    CallFlow flow = flow(limits, StdioEndpoint.ROUTE, upstream, clock, random);
    return new StdioEndpoint(in, out, Caller.local(localUser), flow, options, clock, random);
  }

  /** Where it listens, with the port that was picked when port 0 was asked for. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Stops in good order: streams end as the specification says, calls in progress may finish until
   * the limit.
   */
  public void drain(Duration limit) {
    listener.drain(limit, endpoint::close);
    endpoint.close();
  }

  @Override
  public void close() {
    endpoint.close();
    listener.close();
  }
}
