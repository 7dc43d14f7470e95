package dev.sallyport.upstream.http;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Meta;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.protocol.RpcError;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.CallTable;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Streamable HTTP without sessions, 2026-07-28: each request is a POST of its own, and the end of
 * its stream is the end of the request (CH-01, CH-13). The server is a place rather than a process,
 * so this lives until it is given up. Thread-safe.
 */
public final class StatelessWire implements Wire {
  /** Bytes of all headers that are made from a request's body (CH-09). */
  private static final int MOST_MIRRORED = 8 * 1024;

  private final HttpTraffic traffic;
  private volatile boolean ended;

  public StatelessWire(
      RemoteServer server, HttpBounds bounds, Consumer<Remark> remarks, Tally tally) {
    traffic = new HttpTraffic(server, bounds, true, remarks, tally);
  }

  @Override
  public void start(Inbound takesTheRest) {
    traffic.start(takesTheRest);
  }

  @Override
  public CallTable calls() {
    return traffic.calls();
  }

  @Override
  public boolean hasStreamPerCall() {
    return true;
  }

  /** Each request says its version, in its body and in a header made from it. */
  @Override
  public void agreed(ProtocolVersion version) {}

  @Override
  public void send(Call call, Message.Request request, Map<String, String> mirrored) {
    ProtocolVersion version =
        Meta.claimedVersion(request.params())
            .flatMap(ProtocolVersion::of)
            .orElse(ProtocolVersion.LATEST_MODERN);
    Map<String, String> headers =
        new LinkedHashMap<>(MirroredHeaders.of(version, request.method(), request.params()));
    headers.putAll(mirrored);
    if (length(headers) > MOST_MIRRORED) {
      // Servers differ in what they do with a head that is too long; some then serve nobody on that
      // connection any more.
      call.put(
          new Mail.Answered(
              new Message.Failure(
                  Optional.of(call.id()),
                  RpcError.invalidParams(
                      "Invalid params: what this server is also told in HTTP headers is too"
                          + " long"))));
      return;
    }
    HttpFields fields = HttpFields.of(headers.entrySet());
    traffic.begin(
        call,
        traffic.server().post(fields, request.toBytes()),
        head -> {},
        new Resumption(lastEventId -> Optional.empty()), // no stream is taken up again (SH-15)
        Statuses.ALONE);
  }

  private static int length(Map<String, String> headers) {
    return headers.entrySet().stream()
        .mapToInt(header -> header.getKey().length() + header.getValue().length() + 4)
        .sum();
  }

  /** A client has none to send in this era (row 34), and no answers either (CS-02). */
  @Override
  public void send(Message message) {
    throw new IllegalStateException("modern servers are sent requests alone");
  }

  /** The end of the stream says it, when the call is closed (CH-13). */
  @Override
  public void cancel(Call call, String reason) {}

  @Override
  public void reply(Message.Reply reply) {
    throw new IllegalStateException("modern servers are sent no answers");
  }

  @Override
  public boolean alive() {
    return !ended;
  }

  @Override
  public boolean heardSince(long since) {
    return traffic.heardSince(since);
  }

  /** What is in progress may still end well: each has a stream of its own. */
  @Override
  public void giveUp() {
    ended = true;
  }

  @Override
  public void count(Fault fault) {
    traffic.count(fault);
  }

  @Override
  public void tell(Remark remark) {
    traffic.tell(remark);
  }

  @Override
  public String where() {
    return traffic.server().where();
  }

  @Override
  public StartException closeUnanswered(Duration waited) {
    close();
    return traffic.unanswered(waited);
  }

  @Override
  public void close() {
    ended = true;
    traffic.lose();
  }
}
