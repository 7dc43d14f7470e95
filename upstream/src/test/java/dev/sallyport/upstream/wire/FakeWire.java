package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.protocol.RpcId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A way to nowhere, which keeps what is sent. */
public final class FakeWire implements Wire {
  public final BlockingQueue<Message> sent = new LinkedBlockingQueue<>(1_000);
  public final BlockingQueue<Call> cancelled = new LinkedBlockingQueue<>(1_000);
  public final BlockingQueue<Remark> remarks = new LinkedBlockingQueue<>(1_000);
  final CountDownLatch ended = new CountDownLatch(1);
  private final Faults faults = new Faults(remarks::add, new Tally());
  private final CallTable calls = new CallTable(faults, 10, number -> new Mailbox(10, 10_000));
  private volatile Optional<Inbound> inbound = Optional.empty();
  private volatile long lastHeard = System.nanoTime();

  void hear() {
    lastHeard = System.nanoTime();
  }

  @Override
  public void start(Inbound takesTheRest) {
    inbound = Optional.of(takesTheRest);
  }

  /** As if the server had answered. */
  public void answers(RpcId id, JsonObject result) {
    calls.find(id).orElseThrow().put(new Mail.Answered(new Message.Result(id, result)));
  }

  /** As if the connection had broken before the answer. */
  public void loses(RpcId id) {
    calls.find(id).orElseThrow().put(new Mail.Broken(Breakdown.of(Breakdown.Kind.LOST)));
  }

  /** As if the server had answered with an error. */
  public void fails(RpcId id, RpcError error) {
    calls
        .find(id)
        .orElseThrow()
        .put(new Mail.Answered(new Message.Failure(Optional.of(id), error)));
  }

  /** As if the server had asked it. */
  public void asks(Message.Request request) {
    inbound.orElseThrow().onRequest(request, Optional.empty());
  }

  @Override
  public CallTable calls() {
    return calls;
  }

  @Override
  public boolean hasStreamPerCall() {
    return false;
  }

  @Override
  public void agreed(ProtocolVersion version) {}

  @Override
  public void send(Call call, Message.Request request, Map<String, String> mirrored) {
    sent.add(request);
  }

  @Override
  public void send(Message message) {
    sent.add(message);
  }

  @Override
  public void cancel(Call call, String reason) {
    cancelled.add(call);
  }

  @Override
  public void reply(Message.Reply reply) {
    sent.add(reply);
  }

  @Override
  public boolean alive() {
    return ended.getCount() > 0;
  }

  @Override
  public boolean heardSince(long since) {
    return lastHeard - since >= 0;
  }

  @Override
  public void giveUp() {
    calls.lose();
    ended.countDown();
  }

  @Override
  public void count(Fault fault) {
    faults.count(fault);
  }

  @Override
  public void tell(Remark remark) {
    remarks.add(remark);
  }

  @Override
  public String where() {
    return "nowhere";
  }

  @Override
  public StartException closeUnanswered(Duration waited) {
    return StartException.silent(waited, List.of());
  }

  @Override
  public void close() {
    giveUp();
  }
}
