package dev.sallyport.downstream.modern;

import dev.sallyport.downstream.Admission;
import dev.sallyport.downstream.ClientCall;
import dev.sallyport.downstream.EndpointOptions;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.ClientChannel;
import dev.sallyport.protocol.Envelope.Reading;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Modern Streamable HTTP: one POST, one message, one answer (SH-06 to SH-23). Thread-safe. */
public final class ModernEndpoint implements AutoCloseable {
  private final ModernProtocol protocol;
  private final Admission requests;
  private final Admission listens;

  /**
   * @param served every version the endpoint serves, newest first
   * @param requests shared by all eras
   */
  public ModernEndpoint(
      EndpointOptions options,
      List<ProtocolVersion> served,
      Handler handler,
      Admission requests,
      Clock clock,
      SecureRandom random) {
    this.protocol =
        new ModernProtocol(
            options.route(), served, options.calls(), options.toolGroups(), handler, clock, random);
    this.requests = requests;
    this.listens =
        new Admission(
            "subscriptions", options.calls().listensPerCaller(), options.calls().listens());
  }

  public void post(ClientCall call, Reading reading) {
    switch (reading) {
      case Reading.Broken(var id, var error, _) -> malformed(call, id, error);
      case Reading.Batch _ ->
          malformed(call, Optional.empty(), RpcError.invalidRequest("Batches are not served"));
      case Reading.Single(Message.Request request) -> request(call, request);
      case Reading.Single(Message.Notification notification) -> notification(call, notification);
      case Reading.Single(Message.Reply _) ->
          malformed(
              call, Optional.empty(), RpcError.invalidRequest("Nothing was asked of the client"));
    }
  }

  private void request(ClientCall call, Message.Request request) {
    Mirror mirror = Mirror.of(call.head().fields()::all);
    switch (protocol.prepare(request, call.identity(), mirror)) {
      case ModernProtocol.Prepared.Rejected(var ending) -> {
        call.isMalformed();
        new ReplyStream(call).end(ending);
      }
      case ModernProtocol.Prepared.Ready(var ready) -> admit(call, ready);
    }
  }

  private void admit(ClientCall call, ModernCall ready) {
    if (ready.isListen() && !call.accepts().events()) {
      call.refuse(
          Refusal.of(Refusal.Reason.NOT_ACCEPTABLE, "A subscription is a text/event-stream"),
          Optional.of(ready.id()));
      return;
    }
    Admission admission = ready.isListen() ? listens : requests;
    switch (admission.enterSoon(call.caller())) {
      case Admission.Entry.Full(var refusal) -> call.refuse(refusal, Optional.of(ready.id()));
      case Admission.Entry.Place place -> {
        try (place) {
          run(call, ready);
        }
      }
    }
  }

  private static void run(ClientCall call, ModernCall ready) {
    ReplyStream replies = new ReplyStream(call);
    Cancellation ours = new Cancellation();
    if (!ready.isListen()) {
      try (var _ = call.disconnected().onCancel(ours::cancel);
          var _ = call.withdrawn().onCancel(ours::cancel)) {
        replies.end(ready.run(replies, ours, new Cancellation()));
      }
      return;
    }
    // A subscription outlives its request, and it may outlive the credential it came with: then it
    // ends like one that we end for any other reason, and what happened since stays here (4-T32).
    call.stands();
    ClientChannel known =
        notification -> {
          if (call.isStillKnown()) {
            replies.notify(notification);
          }
        };
    try (var _ = call.draining().onCancel(ours::cancel);
        var _ = call.withdrawn().onCancel(ours::cancel)) {
      replies.end(ready.run(known, call.disconnected(), ours));
    }
  }

  private void notification(ClientCall call, Message.Notification notification) {
    Mirror mirror = Mirror.of(call.head().fields()::all);
    protocol
        .check(notification, mirror)
        .ifPresentOrElse(error -> malformed(call, Optional.empty(), error), call::accepted);
  }

  private static void malformed(ClientCall call, Optional<RpcId> id, RpcError error) {
    call.malformed(new Message.Failure(id, error));
  }

  /** Cancels what is being carried out. */
  @Override
  public void close() {
    protocol.close();
  }
}
