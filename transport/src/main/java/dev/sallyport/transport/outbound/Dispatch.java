package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpFields;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;

/**
 * Carries out one request on an event loop, with the first address of its host that takes it, and
 * hands over what comes. Its fields belong to the loop; what other threads call goes there first.
 */
final class Dispatch {
  private static final long CANCEL = 8; // RFC 9113, 7
  private static final long DRAIN_MILLIS = 1_000;

  private final Vertx vertx;
  private final HttpClientAgent agent;
  private final Context context;
  private final OutboundRequest request;
  private final List<InetAddress> addresses;
  private final long connectMillis;
  private final OutboundCall call;
  private Optional<HttpClientRequest> sent = Optional.empty();
  private Optional<HttpClientResponse> answer = Optional.empty();
  private OptionalLong drainTimer = OptionalLong.empty();
  private boolean aborted;

  /** Makes the one that works for a call. */
  interface Making {
    Dispatch of(OutboundCall call);
  }

  Dispatch(
      Vertx vertx,
      HttpClientAgent agent,
      Context context,
      OutboundRequest request,
      List<InetAddress> addresses,
      long connectMillis,
      OutboundCall call) {
    this.vertx = vertx;
    this.agent = agent;
    this.context = context;
    this.request = request;
    this.addresses = addresses;
    this.connectMillis = connectMillis;
    this.call = call;
  }

  void begin() {
    onLoop(() -> attempt(0));
  }

  void abort() {
    onLoop(
        () -> {
          aborted = true;
          sent.ifPresent(request -> request.reset(CANCEL));
        });
  }

  /** As {@link #abort}, unless the rest comes within a moment. */
  void drain() {
    onLoop(
        () -> {
          answer.ifPresent(HttpClientResponse::resume);
          drainTimer = OptionalLong.of(vertx.setTimer(DRAIN_MILLIS, late -> abort()));
        });
  }

  void resume() {
    onLoop(() -> answer.ifPresent(HttpClientResponse::resume));
  }

  private void attempt(int index) {
    agent
        .request(options(addresses.get(index)))
        .onComplete(
            made -> {
              if (made.succeeded()) {
                send(made.result());
                return;
              }
              OutboundFault fault = OutboundFault.beforeSending(made.cause());
              if (fault.isOfAddress() && index + 1 < addresses.size() && !aborted) {
                attempt(index + 1);
              } else {
                call.fail(fault);
              }
            });
  }

  private RequestOptions options(InetAddress address) {
    HttpUrl url = request.url();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method()))
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, url.port())))
            .setHost(url.host())
            .setPort(url.port())
            .setSsl(url.secure())
            .setURI(url.target())
            .setConnectTimeout(connectMillis)
            .setFollowRedirects(false);
    if (!url.secure()) {
      options.setProtocolVersion(HttpVersion.HTTP_1_1);
    }
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    request.fields().forEach(headers::add);
    return options.setHeaders(headers);
  }

  private void send(HttpClientRequest connected) {
    if (aborted) {
      connected.reset(CANCEL);
      return;
    }
    sent = Optional.of(connected);
    connected.exceptionHandler(this::failed);
    connected
        .response()
        .onComplete(
            came -> {
              if (came.succeeded()) {
                receive(came.result());
              } else {
                failed(came.cause());
              }
            });
    if (request.body().length == 0) {
      connected.end();
    } else {
      connected.end(Buffer.buffer(request.body()));
    }
  }

  private void receive(HttpClientResponse response) {
    answer = Optional.of(response);
    HttpFields fields;
    try {
      fields = HttpFields.of(response.headers().entries());
    } catch (IllegalArgumentException malformed) {
      failed(malformed);
      abort();
      return;
    }
    response.exceptionHandler(this::failed);
    response.handler(
        piece -> {
          if (call.bytes(piece.getBytes())) {
            response.pause();
          }
        });
    response.endHandler(
        complete -> {
          drainTimer.ifPresent(vertx::cancelTimer);
          call.end();
        });
    call.head(response.statusCode(), fields);
  }

  private void failed(Throwable cause) {
    call.fail(OutboundFault.afterSending(cause));
  }

  private void onLoop(Runnable task) {
    try {
      context.runOnContext(nothing -> task.run());
    } catch (RejectedExecutionException closing) {
      call.fail(OutboundFault.of(OutboundFault.Kind.CLOSED, "the program ends"));
    }
  }
}
