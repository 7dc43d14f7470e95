package dev.sallyport.downstream.legacy;

import dev.sallyport.downstream.ScriptedHandler;
import dev.sallyport.downstream.SessionLimits;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A session without a transport, and its client. */
final class TestSession {
  static final Caller ANNA = new Caller("key", "anna", "1");
  static final Identity WHO = new Identity(ANNA, Claims.NONE);
  static final String EVERYTHING =
      "{\"roots\":{\"listChanged\":true},\"sampling\":{\"tools\":{},\"context\":{}},"
          + "\"elicitation\":{\"form\":{},\"url\":{}}}";

  final LegacySession session;
  final Message.Result reply;
  final Recorded unsolicited;

  private TestSession(LegacySession session, Message.Result reply, Recorded unsolicited) {
    this.session = session;
    this.reply = reply;
    this.unsolicited = unsolicited;
  }

  static TestSession open(Handler handler, String version, String capabilities) {
    return open(handler, version, capabilities, SessionLimits.DEFAULT);
  }

  static TestSession open(
      Handler handler, String version, String capabilities, SessionLimits limits) {
    Recorded unsolicited = new Recorded();
    Handshake handshake = handshake(handler, limits);
    return switch (handshake.open(
        initialize(version, capabilities), WHO, unsolicited, new Cancellation())) {
      case Handshake.Opening.Opened(var session, var reply) ->
          new TestSession(session, reply, unsolicited);
      case Handshake.Opening.Turned(var ending) ->
          throw new AssertionError("the handshake failed: " + ending);
    };
  }

  static Handshake handshake(Handler handler, SessionLimits limits) {
    return new Handshake(
        "team",
        ProtocolVersion.newestFirst(ProtocolVersion.Era.LEGACY),
        handler,
        limits,
        new SecureRandom());
  }

  static Message.Request initialize(String version, String capabilities) {
    return request(
        1,
        "initialize",
        "{\"protocolVersion\":\"%s\",\"capabilities\":%s,\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}"
            .formatted(version, capabilities));
  }

  static Message.Request request(long id, String method, String params) {
    return new Message.Request(RpcId.of(id), method, ScriptedHandler.object(params));
  }

  /** A request of the client on a thread of its own, with what is sent before its ending. */
  static final class Running {
    final Recorded sink = new Recorded();
    private final FutureTask<Ending> task;

    private Running(LegacySession session, Message.Request request) {
      var ending = session.begin(request, Claims.NONE, sink);
      task = new FutureTask<>(ending::get);
      Thread.ofVirtual().start(task);
    }

    Ending ending() {
      try {
        return task.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    JsonObject result() {
      return TestSession.result(ending());
    }

    RpcError error() {
      return TestSession.error(ending());
    }
  }

  Running start(Message.Request request) {
    return new Running(session, request);
  }

  Running start(long id, String method, String params) {
    return start(request(id, method, params));
  }

  JsonObject call(String method, String params) {
    return start(7, method, params).result();
  }

  RpcError fail(String method, String params) {
    return start(7, method, params).error();
  }

  void answer(RpcId question, String result) {
    session.answer(new Message.Result(question, ScriptedHandler.object(result)));
  }

  void notice(String method, String params) {
    session.notice(ScriptedHandler.notification(method, params));
  }

  static JsonObject result(Ending ending) {
    if (ending instanceof Ending.Replied(Message.Result(var _, var result))) {
      return result;
    }
    throw new AssertionError("no result: " + ending);
  }

  static RpcError error(Ending ending) {
    if (ending instanceof Ending.Replied(Message.Failure(var _, var error))) {
      return error;
    }
    throw new AssertionError("no error: " + ending);
  }

  static String text(JsonObject object) {
    return object.toJson().text();
  }
}
