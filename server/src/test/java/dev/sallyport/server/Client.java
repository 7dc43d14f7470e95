package dev.sallyport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.ClientContext;
import dev.sallyport.protocol.Continuation;
import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.LogLevel;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Origin;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import dev.sallyport.server.schema.Literals;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes exchanges without any transport, and keeps what the server says meanwhile. */
final class Client {
  static final Caller SOMEBODY = new Caller("test", "somebody", "");

  final BlockingQueue<Message.Notification> heard = new LinkedBlockingQueue<>(10_000);
  final AtomicInteger closed = new AtomicInteger();
  final Cancellation cancellation = new Cancellation();
  private final Handler server;
  private Caller caller = SOMEBODY;
  private JsonObject capabilities = JsonObject.EMPTY;
  private Optional<LogLevel> logLevel = Optional.empty();
  private Optional<Json> progressToken = Optional.empty();

  Client(Handler server) {
    this.server = server;
  }

  Client as(Caller other) {
    caller = other;
    return this;
  }

  /** Declares capabilities, for example {@code {"sampling":{}}}. */
  Client able(String json) {
    capabilities = Literals.object(json);
    return this;
  }

  Client logging(String level) {
    logLevel = LogLevel.of(level);
    return this;
  }

  Client progressing(Json token) {
    progressToken = Optional.of(token);
    return this;
  }

  Exchange exchange(String method, String params, Optional<Continuation> continuation) {
    return new Exchange(
        method,
        Literals.object(params),
        continuation,
        Origin.of(caller, "test").requested(RpcId.of(1)),
        new ClientContext(ProtocolVersion.LATEST_MODERN, capabilities, Optional.empty(), logLevel),
        progressToken,
        new ClientChannel() {
          @Override
          public void notify(Message.Notification notification) {
            heard.add(notification);
          }

          @Override
          public void closeStream() {
            closed.incrementAndGet();
          }
        },
        cancellation);
  }

  Outcome request(String method, String params) {
    return server.handle(exchange(method, params, Optional.empty()));
  }

  /** The same request again, with answers. */
  Outcome again(String method, String params, String answers, Optional<String> handle) {
    Continuation continuation = new Continuation(Literals.object(answers), handle);
    return server.handle(exchange(method, params, Optional.of(continuation)));
  }

  Outcome call(String tool, String arguments) {
    return request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
  }

  /** The next thing the server said, or a failure of the test. */
  Message.Notification next() throws InterruptedException {
    Message.Notification next = heard.poll(10, TimeUnit.SECONDS);
    assertThat(next).as("a notification").isNotNull();
    return next;
  }

  static JsonObject complete(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Complete.class);
    return ((Outcome.Complete) outcome).result();
  }

  static String text(Outcome outcome) {
    return complete(outcome).toJson().text();
  }

  static RpcError failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).error();
  }

  static Outcome.InputRequired asked(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.InputRequired.class);
    return (Outcome.InputRequired) outcome;
  }
}
