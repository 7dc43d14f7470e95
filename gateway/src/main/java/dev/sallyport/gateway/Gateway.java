package dev.sallyport.gateway;

import dev.sallyport.downstream.Seal;
import dev.sallyport.downstream.SealKeys;
import dev.sallyport.downstream.stdio.StdioEndpoint;
import dev.sallyport.downstream.stdio.StdioOptions;
import dev.sallyport.gateway.telemetry.Telemetry;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.transport.http.CertificateRenewal;
import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.HttpHandler;
import dev.sallyport.transport.http.HttpListener;
import dev.sallyport.transport.http.ListenException;
import dev.sallyport.transport.http.ListenerCertificate;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A running gateway. {@link #open} wires it, by constructors, in the order in which a request meets
 * the parts; {@link #overStdio} wires the same flow for one client on a pipe.
 */
public final class Gateway implements AutoCloseable {
  private final HttpListener listener;
  private final Routes routes;
  private final Limits limits;

  private Gateway(HttpListener listener, Routes routes, Limits limits) {
    this.listener = listener;
    this.routes = routes;
    this.limits = limits;
  }

  /**
   * Starts to serve. The servers of the routes stay their owner's to close, after the gateway.
   *
   * @param localUser whom a caller without a key is taken for when keys are not asked for
   * @throws ListenException when the address cannot be listened on
   */
  public static Gateway open(GatewayOptions options, String localUser) throws ListenException {
    return open(
        service -> HttpListener.open(options.listen(), service),
        options,
        Telemetry.NONE,
        localUser);
  }

  /** The same with an engine that was begun earlier, and that is closed later by whoever did. */
  public static Gateway open(HttpEngine engine, GatewayOptions options, String localUser)
      throws ListenException {
    return open(engine, options, Telemetry.NONE, localUser);
  }

  /**
   * The same, with somebody who looks on.
   *
   * @param telemetry sees what is turned away at the door, and every exchange
   */
  public static Gateway open(
      HttpEngine engine, GatewayOptions options, Telemetry telemetry, String localUser)
      throws ListenException {
    return open(
        service -> HttpListener.open(engine, options.listen(), service),
        options,
        telemetry,
        localUser);
  }

  private interface Listening {
    HttpListener begin(HttpHandler service) throws ListenException;
  }

  private static Gateway open(
      Listening listening, GatewayOptions options, Telemetry telemetry, String localUser)
      throws ListenException {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    OwnOrigin origin = new OwnOrigin(options.publicUrl(), options.listen().port());
    Doorkeeper callers =
        new Doorkeeper(
            options.credentials(), origin, new UncheckedLocal(Identity.local(localUser)));
    Limits limits = new Limits(options.limits(), System::nanoTime);
    Routes routes = new Routes(callers, limits, telemetry, seal(clock, random), clock, random);
    routes.serve(options.routes(), Duration.ZERO);
    HttpHandler service =
        options.proxies().isEmpty() ? routes : new ProxiedPeers(options.proxies(), routes);
    try {
      HttpListener listener = listening.begin(telemetry.around(service));
      origin.listensAt(listener.address().getPort());
      return new Gateway(listener, routes, limits);
    } catch (ListenException | RuntimeException notListening) {
      routes.close(); // it sweeps on threads of its own from the start
      throw notListening;
    }
  }

  /** For what lasts as long as the id of a task. */
  private static Seal seal(Clock clock, SecureRandom random) {
    return new Seal(new SealKeys(clock, random, TaskIds.keysLast()), clock, random);
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
    CallFlow flow =
        new CallFlow(
            new Limits(limits, System::nanoTime),
            RouteScopes.NONE,
            new TaskIds(upstream, seal(clock, random), StdioEndpoint.ROUTE));
    return new StdioEndpoint(in, out, Identity.local(localUser), flow, options, clock, random);
  }

  /**
   * Serves other routes from now on, within other bounds. Whoever comes by a route that stays
   * notices nothing but what it offers. One at a time.
   *
   * @param changed as {@link GatewayOptions#routes}
   * @param limit for calls by a route that is no more
   */
  public void change(List<Route> changed, Limits.Bounds rate, Duration limit) {
    limits.change(rate);
    routes.serve(changed, limit);
  }

  /** Where it listens, with the port that was picked when port 0 was asked for. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** As {@link HttpListener#certificate}. */
  public Optional<ListenerCertificate> certificate() {
    return listener.certificate();
  }

  /** As {@link HttpListener#renew}. */
  public CertificateRenewal renewCertificate() {
    return listener.renew();
  }

  /**
   * Stops in good order: streams end as the specification says, calls in progress may finish until
   * the limit.
   *
   * @param delay until then, calls are taken as ever, and clients asked to come by another
   *     connection
   */
  public void drain(Duration delay, Duration limit) {
    listener.drain(delay, limit, routes::close);
    routes.close();
  }

  /** The same at once. */
  public void drain(Duration limit) {
    drain(Duration.ZERO, limit);
  }

  @Override
  public void close() {
    routes.close();
    listener.close();
  }
}
