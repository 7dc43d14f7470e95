package dev.sallyport.upstream.http;

import dev.sallyport.protocol.Envelope;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.OutboundCall;
import dev.sallyport.transport.outbound.OutboundFault;
import dev.sallyport.transport.outbound.OutboundRequest;
import dev.sallyport.transport.sse.ServerEvent;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.CallTable;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Faults;
import dev.sallyport.upstream.wire.Inbox;
import dev.sallyport.upstream.wire.Mailbox;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.Router;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What every kind of wire over HTTP has: the calls in progress, where what the server says goes,
 * and what went wrong last. Thread-safe.
 */
final class HttpTraffic {
  /** A server's answer may be large; that is what the bound on bytes is for. */
  private static final Envelope ENVELOPE =
      new Envelope(new JsonBounds(256, 1_000, 10_000, 10_000_000));

  private final RemoteServer server;
  private final HttpBounds bounds;
  private final Consumer<Remark> remarks;
  private final Faults faults;
  private final CallTable calls;
  private final Router router;
  private final ConcurrentMap<Long, StreamInbox> streams = new ConcurrentHashMap<>();
  private final AtomicReference<Optional<Wire.Inbound>> inbound =
      new AtomicReference<>(Optional.empty());
  private volatile long lastHeard = System.nanoTime();
  private volatile Trouble trouble = new Trouble.None();

  /** What went wrong last, for the operator. */
  private sealed interface Trouble {
    record None() implements Trouble {}

    record Unreached(String why) implements Trouble {}

    record Status(int status) implements Trouble {}
  }

  /**
   * @param ownStreams whether each call reads a stream of its own
   */
  HttpTraffic(
      RemoteServer server,
      HttpBounds bounds,
      boolean ownStreams,
      Consumer<Remark> remarks,
      Tally tally) {
    this.server = server;
    this.bounds = bounds;
    this.remarks = remarks;
    faults = new Faults(remarks, tally);
    calls = new CallTable(faults, bounds.calls(), ownStreams ? this::stream : number -> mailbox());
    router = new Router(calls, faults, this::rest, () -> faults.count(Fault.ECHO));
  }

  private Mailbox mailbox() {
    return new Mailbox(bounds.notifications(), bounds.notificationBytes());
  }

  private Inbox stream(long number) {
    StreamInbox stream = new StreamInbox(this, mailbox(), () -> streams.remove(number));
    streams.put(number, stream);
    return stream;
  }

  void start(Wire.Inbound takesTheRest) {
    inbound.set(Optional.of(takesTheRest));
  }

  Optional<Wire.Inbound> inbound() {
    return inbound.get();
  }

  /** The server is gone: whoever waits for it is told. */
  void lose() {
    calls.lose();
    inbound.get().ifPresent(Wire.Inbound::onEnd);
  }

  private Wire.Inbound rest() {
    return inbound.get().orElseThrow();
  }

  RemoteServer server() {
    return server;
  }

  HttpBounds bounds() {
    return bounds;
  }

  CallTable calls() {
    return calls;
  }

  Envelope envelope() {
    return ENVELOPE;
  }

  /** Sends what a call waits for, and has the call read the answer. */
  void begin(
      Call call,
      OutboundRequest request,
      Consumer<HttpFields> accepted,
      Resumption resumption,
      StreamInbox.Judge judge) {
    Optional<StreamInbox> inbox = Optional.ofNullable(streams.get(call.number()));
    if (inbox.isPresent()) {
      OutboundCall sent = server.client().start(TraceFields.on(request, call), inbox.get()::nudge);
      Answer answer = answer(sent, accepted);
      inbox.get().read(call, answer, resumption, judge);
    }
  }

  /** Another stream of a call. */
  Optional<OutboundCall> open(Call call, OutboundRequest request) {
    return Optional.ofNullable(streams.get(call.number()))
        .map(inbox -> server.client().start(request, inbox::nudge));
  }

  Answer answer(OutboundCall call) {
    return answer(call, head -> {});
  }

  /**
   * @param accepted told of the head of an answer that is a success
   */
  Answer answer(OutboundCall call, Consumer<HttpFields> accepted) {
    return new Answer(call, accepted, server.room().enter(), bounds.textBytes());
  }

  /** Takes what a server said. Events of other types are none of ours. */
  void route(Answer.Piece.Text text, Optional<Call> carrier) {
    lastHeard = System.nanoTime();
    if (text.type().equals(ServerEvent.MESSAGE) && text.utf8().length > 0) {
      router.take(ENVELOPE.readFromServer(text.utf8()), carrier);
    }
  }

  void note(OutboundFault fault) {
    trouble = new Trouble.Unreached(fault.detail());
  }

  void note(Answer.Piece.Refused refused) {
    lastHeard = System.nanoTime();
    trouble = new Trouble.Status(refused.status());
  }

  boolean heardSince(long since) {
    return lastHeard - since >= 0;
  }

  void count(Fault fault) {
    faults.count(fault);
  }

  void tell(Remark remark) {
    remarks.accept(remark);
  }

  /** Why the server did not answer the first request. */
  StartException unanswered(Duration waited) {
    return switch (trouble) {
      case Trouble.None _ -> StartException.silent(waited, List.of());
      case Trouble.Unreached(String why) -> StartException.unreachable(server.where(), why);
      case Trouble.Status(int status) when status == 401 || status == 403 ->
          StartException.notAdmitted(server.where(), status);
      case Trouble.Status(int status) ->
          StartException.noServer("answered with the HTTP status " + status, List.of());
    };
  }
}
