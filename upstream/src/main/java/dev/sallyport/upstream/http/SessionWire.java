package dev.sallyport.upstream.http;

import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import dev.sallyport.protocol.MirroredHeaders;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.OutboundFault;
import dev.sallyport.transport.outbound.OutboundRequest;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.CallTable;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Streamable HTTP with a session, 2025-03-26 to 2025-11-25: what comes of a request comes on the
 * stream of its POST, which is taken up again when it breaks; what is about no request comes on the
 * session's own. It lives until the server has forgotten the session. Thread-safe.
 */
public final class SessionWire implements Wire {
  private static final String SESSION = "Mcp-Session-Id";
  private static final int LONGEST_ID = 4_096;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final HttpTraffic traffic;
  private final SessionStream stream;
  private final Deliveries later;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Optional<String> session = Optional.empty();
  private volatile Optional<ProtocolVersion> version = Optional.empty();
  private volatile boolean forgotten;

  private final StreamInbox.Judge judge =
      new StreamInbox.Judge() {
        @Override
        public Breakdown of(Answer.Piece.Refused refused) {
          return isOver(refused)
              ? Breakdown.of(Breakdown.Kind.SESSION_OVER)
              : Statuses.breakdown(refused);
        }

        @Override
        public void told(Breakdown breakdown) {
          if (breakdown.kind() == Breakdown.Kind.SESSION_OVER) {
            sessionOver();
          }
        }
      };

  public SessionWire(
      RemoteServer server, HttpBounds bounds, Consumer<Remark> remarks, Tally tally) {
    traffic = new HttpTraffic(server, bounds, true, remarks, tally);
    stream = new SessionStream(traffic, this::fields, this::sessionOver);
    later = new Deliveries(traffic, this::deliver);
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

  @Override
  public void agreed(ProtocolVersion agreed) {
    version = Optional.of(agreed);
  }

  /** What each request of the session says (CL-01, CL-02). */
  private HttpFields fields() {
    HttpFields fields = HttpFields.empty();
    if (session.isPresent()) {
      fields = fields.with(SESSION, session.get());
    }
    Optional<ProtocolVersion> told =
        version.filter(agreed -> agreed.atLeast(ProtocolVersion.V2025_06_18));
    return told.isPresent() ? fields.with(MirroredHeaders.VERSION, told.get().text()) : fields;
  }

  @Override
  public void send(Call call, Message.Request request, Map<String, String> mirrored) {
    Consumer<HttpFields> accepted =
        Method.INITIALIZE.is(request.method()) ? this::begun : head -> {};
    traffic.begin(
        call,
        traffic.server().post(fields(), request.toBytes()),
        accepted,
        new Resumption(id -> traffic.open(call, goOnFrom(id))),
        judge);
  }

  private OutboundRequest goOnFrom(String lastEventId) {
    return traffic.server().get(fields().with("Last-Event-ID", lastEventId));
  }

  private void begun(HttpFields head) {
    session =
        head.first(SESSION)
            .filter(id -> id.length() <= LONGEST_ID)
            .filter(id -> id.chars().allMatch(c -> c >= 0x21 && c <= 0x7e)); // LH-03
  }

  /**
   * Whether the server no longer knows the session (CL-03). Many say 400 where 404 is asked for,
   * with an error that answers nothing in particular, or in a few words.
   */
  private boolean isOver(Answer.Piece.Refused refused) {
    if (session.isEmpty() || version.isEmpty()) {
      return false;
    }
    Optional<Message.Failure> error = Statuses.error(traffic.envelope(), refused);
    if (error.flatMap(Message.Failure::id).isPresent()) {
      return false; // It did look at the call, and says what is wrong with that.
    }
    String words =
        error.isPresent()
            ? error.get().error().message()
            : new String(refused.body(), StandardCharsets.UTF_8);
    return refused.status() == 404
        || (refused.status() == 400 && words.toLowerCase(Locale.ROOT).contains("session"));
  }

  private void sessionOver() {
    forgotten = true;
    giveUp();
  }

  /** As soon as the handshake is over the server may say something by itself. */
  @Override
  public void send(Message message) {
    deliver(message);
    if (message instanceof Message.Notification(String method, JsonObject _)
        && Method.INITIALIZED.is(method)) {
      stream.start();
    }
  }

  /** Whether the server accepted it in time (CL-08). */
  private boolean deliver(Message message) {
    return deliver(message, traffic.bounds().accept());
  }

  private boolean deliver(Message message, Duration limit) {
    OutboundRequest request = traffic.server().post(fields(), message.toBytes());
    try (Answer answer = traffic.answer(traffic.server().client().start(request, () -> {}))) {
      long end = System.nanoTime() + limit.toNanos();
      while (true) {
        switch (answer.next(end - System.nanoTime())) {
          case Answer.Piece.Text text -> traffic.route(text, Optional.empty());
          case Answer.Piece.Over _ -> {
            return true;
          }
          case Answer.Piece.Refused refused -> {
            traffic.note(refused);
            judge.told(judge.of(refused));
            return false;
          }
          case Answer.Piece.Broken(OutboundFault fault) -> {
            traffic.note(fault);
            return false;
          }
          case Answer.Piece.Nothing _, Answer.Piece.TooLarge _ -> {
            return false;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** To leave is not to cancel (CL-07), so it is told before the call's stream ends. */
  @Override
  public void cancel(Call call, String reason) {
    deliver(call.cancelled(reason), FAREWELL);
  }

  @Override
  public void reply(Message.Reply reply) {
    later.soon(reply);
  }

  @Override
  public boolean alive() {
    return !ended.get();
  }

  @Override
  public boolean heardSince(long since) {
    return traffic.heardSince(since);
  }

  @Override
  public void giveUp() {
    if (end()) {
      Thread.ofVirtual().name("sallyport-farewell").start(this::endSession);
    }
  }

  /** Whether this was the end of it. */
  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    traffic.lose();
    stream.close();
    return true;
  }

  /** A server may not let its sessions be ended; nobody waits for long to find out (CL-04). */
  private void endSession() {
    if (session.isEmpty() || forgotten) {
      return;
    }
    OutboundRequest request = traffic.server().delete(fields());
    try (Answer answer = traffic.answer(traffic.server().client().start(request, () -> {}))) {
      answer.next(FAREWELL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    if (end()) {
      endSession();
    }
  }
}
