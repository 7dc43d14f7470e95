package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.Workers;
import dev.sallyport.downstream.modern.Ending;
import dev.sallyport.downstream.modern.Mirror;
import dev.sallyport.downstream.modern.ModernCall;
import dev.sallyport.downstream.modern.ModernProtocol;
import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Requests that stand for themselves, over a pipe: only a message cancels them (CN-01). */
final class ModernPipe implements AutoCloseable {
  private final ModernProtocol protocol;
  private final Identity who;
  private final Output output;
  private final Workers workers;
  private final Cancellation draining = new Cancellation();
  // Bounded by the workers: one entry for each request being carried out.
  private final Map<RpcId, Cancellation> inProgress = new ConcurrentHashMap<>();

  ModernPipe(ModernProtocol protocol, Identity who, Output output, Workers workers) {
    this.protocol = protocol;
    this.who = who;
    this.output = output;
    this.workers = workers;
  }

  void request(Message.Request request) {
    switch (protocol.prepare(request, who, Mirror.NONE)) {
      case ModernProtocol.Prepared.Rejected(var ending) -> ending.message().ifPresent(output::send);
      case ModernProtocol.Prepared.Ready(var call) -> start(call);
    }
  }

  private void start(ModernCall call) {
    Cancellation gone = new Cancellation();
    if (inProgress.putIfAbsent(call.id(), gone) != null) {
      output.fail(
          Optional.of(call.id()), RpcError.invalidRequest("A request with this id is in progress"));
    } else if (!workers.start(
        () -> () -> carryOut(call, gone), () -> output.broken(Optional.of(call.id())))) {
      inProgress.remove(call.id());
      output.busy(Optional.of(call.id()));
    }
  }

  private void carryOut(ModernCall call, Cancellation gone) {
    Ending ending;
    try {
      ending = call.run(output::send, gone, draining);
    } finally {
      inProgress.remove(call.id());
    }
    ending.message().ifPresent(output::send); // there is none once it was cancelled (SS-07)
    if (call.isListen() && ending.message().filter(Message.Result.class::isInstance).isPresent()) {
      // The specification wants one in one place and the other in another (SB-07, 4-T01).
      output.send(
          new Message.Notification(
              Method.CANCELLED.text(), JsonObject.EMPTY.with("requestId", call.id().token())));
    }
  }

  /** Does nothing when no such request is in progress (CN-03). */
  void cancel(RpcId id) {
    Optional.ofNullable(inProgress.get(id)).ifPresent(Cancellation::cancel);
  }

  /** Ends subscriptions with their closing result (SB-06). */
  void drain() {
    draining.cancel();
  }

  @Override
  public void close() {
    inProgress.values().forEach(Cancellation::cancel);
    protocol.close();
  }
}
