package dev.sallyport.transport.outbound;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes connections: to the first address of a host that takes one, on each loop in turn. */
final class Connector {
  private static final long LEAST_MILLIS = 100;

  private final HttpClientAgent agent;
  private final List<Context> loops;
  private final Duration limit;
  private final AtomicInteger turn = new AtomicInteger();

  /** Is told what came of it, on the loop. */
  interface Taker {
    void made(Link link);

    void failed(OutboundFault fault);
  }

  Connector(HttpClientAgent agent, List<Context> loops, Duration limit) {
    this.agent = agent;
    this.loops = List.copyOf(loops);
    this.limit = limit;
  }

  /**
   * @throws java.util.concurrent.RejectedExecutionException when the loops are gone
   */
  void connect(Way way, Taker taker) {
    Context loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    long end = System.nanoTime() + limit.toNanos();
    loop.runOnContext(nothing -> attempt(loop, way, 0, end, taker));
  }

  /** Each address has its share of the time, so that one that is silent is not all there is. */
  private void attempt(Context loop, Way way, int index, long end, Taker taker) {
    InetAddress address = way.addresses().get(index);
    int untried = way.addresses().size() - index;
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    Future<HttpClientConnection> made;
    try {
      made = agent.connect(options(way, address));
    } catch (IllegalStateException closing) {
      taker.failed(OutboundFault.closed());
      return;
    }
    made.timeout(Math.max(LEAST_MILLIS, left / untried), TimeUnit.MILLISECONDS)
        .onComplete(
            inTime -> {
              if (inTime.succeeded()) {
                made(inTime.result(), loop, way, taker);
                return;
              }
              made.onSuccess(HttpClientConnection::close);
              OutboundFault fault = fault(way, inTime.cause());
              if (fault.isOfAddress() && untried > 1) {
                attempt(loop, way, index + 1, end, taker);
              } else {
                taker.failed(fault);
              }
            });
  }

  private static void made(HttpClientConnection connection, Context loop, Way way, Taker taker) {
    Link link;
    try {
      link = new Link(connection, loop, way.url().origin());
    } catch (RuntimeException closedAlready) {
      connection.close();
      taker.failed(fault(way, closedAlready));
      return;
    }
    taker.made(link);
  }

  private static OutboundFault fault(Way way, Throwable cause) {
    return way.proxy()
        .flatMap(proxy -> ProxyTrouble.explain(proxy, cause))
        .orElseGet(() -> OutboundFault.beforeSending(cause));
  }

  private HttpConnectOptions options(Way way, InetAddress address) {
    HttpUrl url = way.url();
    String host = url.host().replaceFirst("\\.$", ""); // as certificates name it
    HttpConnectOptions options =
        new HttpConnectOptions()
            .setServer(
                way.proxy().isPresent()
                    ? SocketAddress.inetSocketAddress(url.port(), host)
                    : SocketAddress.inetSocketAddress(new InetSocketAddress(address, url.port())))
            .setHost(host)
            .setPort(url.port())
            .setSsl(url.secure());
    way.proxy().ifPresent(proxy -> options.setProxyOptions(through(proxy, address)));
    return url.secure() ? options : options.setProtocolVersion(HttpVersion.HTTP_1_1);
  }

  private ProxyOptions through(OutboundProxy proxy, InetAddress address) {
    ProxyOptions options =
        new ProxyOptions()
            .setType(
                switch (proxy.kind()) {
                  case CONNECT -> ProxyType.HTTP;
                  case SOCKS5 -> ProxyType.SOCKS5;
                })
            .setHost(address.getHostAddress())
            .setPort(proxy.port())
            .setConnectTimeout(limit);
    proxy
        .login()
        .ifPresent(login -> options.setUsername(login.user()).setPassword(login.password()));
    return options;
  }
}
