package dev.sallyport.transport.outbound;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.HostAndPort;
import java.nio.channels.ClosedChannelException;

/**
 * One open connection. What it carries is counted by its {@link Place}; it is used on its loop
 * only.
 */
final class Link {
  /** A server that bounds its streams by nothing is not believed. */
  private static final long MOST_STREAMS = 1_000;

  private final HttpClientConnection connection;
  private final ChannelHandlerContext channel;
  private final Context loop;
  private final String origin;

  /** Guarded by the pool's lock, as is what follows. */
  int carried;

  long goodUntil;
  boolean listed;
  boolean retired;
  boolean gone;

  /**
   * @param origin whose connection it is
   */
  Link(HttpClientConnection connection, Context loop, String origin) {
    this.origin = origin;
    this.connection = connection;
    this.loop = loop;
    channel = ((UnpooledHttpClientConnection) connection).unwrap().channelHandlerContext();
    if (!isShared()) {
      channel.pipeline().addAfter("codec", "interim", new InterimAnswers());
    }
  }

  HttpClientConnection connection() {
    return connection;
  }

  String origin() {
    return origin;
  }

  Context loop() {
    return loop;
  }

  /** Whether several requests are carried at a time: HTTP/2. */
  boolean isShared() {
    return connection.protocolVersion() == HttpVersion.HTTP_2;
  }

  boolean isAlive() {
    return channel.channel().isActive();
  }

  boolean hasRoom() {
    long most = isShared() ? Math.min(connection.maxActiveStreams(), MOST_STREAMS) : 1;
    return !retired && carried < most;
  }

  /**
   * On its loop.
   *
   * @return a failure when the connection has ended, without anything written to it
   */
  Future<HttpClientRequest> request(OutboundRequest request) {
    // An end is told to the pool a moment after it has happened.
    if (!isAlive()) {
      return Future.failedFuture(new ClosedChannelException());
    }
    return connection
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setURI(request.url().target()))
        .onSuccess(
            made -> {
              HttpUrl url = request.url();
              made.authority(HostAndPort.create(url.written(), url.port()));
              request.fields().forEach(made.headers()::add);
            });
  }
}
