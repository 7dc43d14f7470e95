package dev.sallyport.upstream.http;

import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.ProtocolVersion;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.HttpUrl;
import dev.sallyport.transport.outbound.OutboundFault;
import dev.sallyport.transport.outbound.OutboundRequest;
import dev.sallyport.upstream.wire.Breakdown;
import dev.sallyport.upstream.wire.Call;
import dev.sallyport.upstream.wire.CallTable;
import dev.sallyport.upstream.wire.Fault;
import dev.sallyport.upstream.wire.Mail;
import dev.sallyport.upstream.wire.Remark;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import dev.sallyport.upstream.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * HTTP+SSE of 2024-11-05: one stream on which the server says everything, and an address, which it
 * names first, for everything that it is told. So this is a pipe in two halves, and ends with its
 * stream. Thread-safe.
 */
public final class PairedWire implements Wire {
  private static final String ENDPOINT = "endpoint";
  private static final int LONGEST_ADDRESS = 8_192;

  private final HttpTraffic traffic;
  private final Answer stream;
  private final HttpUrl address;
  private final Deliveries later;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean started = new AtomicBoolean();

  private PairedWire(HttpTraffic traffic, Answer stream, HttpUrl address) {
    this.traffic = traffic;
    this.stream = stream;
    this.address = address;
    later = new Deliveries(traffic, this::deliver);
  }

  /**
   * Opens the stream and waits to be told the address.
   *
   * @throws StartException when it is not there, or leads elsewhere (CL-11)
   */
  public static PairedWire open(
      RemoteServer server, HttpBounds bounds, Duration limit, Consumer<Remark> remarks, Tally tally)
      throws StartException {
    HttpTraffic traffic = new HttpTraffic(server, bounds, false, remarks, tally);
    Answer stream = traffic.answer(server.client().start(server.get(HttpFields.empty()), () -> {}));
    Optional<HttpUrl> address = Optional.empty();
    try {
      address = address(traffic, stream, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (address.isEmpty()) {
      stream.close();
      throw traffic.unanswered(limit);
    }
    return new PairedWire(traffic, stream, address.get());
  }

  private static Optional<HttpUrl> address(HttpTraffic traffic, Answer stream, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      switch (stream.next(end - System.nanoTime())) {
        case Answer.Piece.Text(String type, byte[] utf8) -> {
          if (type.equals(ENDPOINT)) {
            return address(traffic.server().url(), utf8);
          }
        }
        case Answer.Piece.Refused refused -> {
          traffic.note(refused);
          return Optional.empty();
        }
        case Answer.Piece.Broken(OutboundFault fault) -> {
          traffic.note(fault);
          return Optional.empty();
        }
        case Answer.Piece.Nothing _, Answer.Piece.Over _, Answer.Piece.TooLarge _ -> {
          return Optional.empty();
        }
      }
    }
  }

  /** Whoever opens the stream decides where messages go, but only on its own site (CL-11). */
  private static Optional<HttpUrl> address(HttpUrl opened, byte[] named) {
    return named.length > LONGEST_ADDRESS
        ? Optional.empty()
        : opened
            .resolve(new String(named, StandardCharsets.UTF_8).strip())
            .filter(opened::hasOriginOf);
  }

  @Override
  public void start(Inbound takesTheRest) {
    traffic.start(takesTheRest);
    if (started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("sallyport-sse-stream").start(this::read);
    }
  }

  private void read() {
    try {
      while (!ended.get()) {
        switch (stream.next(Long.MAX_VALUE)) {
          case Answer.Piece.Nothing _ -> {}
          case Answer.Piece.Text text -> traffic.route(text, Optional.empty());
          case Answer.Piece.Refused refused -> {
            traffic.note(refused);
            return;
          }
          case Answer.Piece.Broken(OutboundFault fault) -> {
            traffic.note(fault);
            return;
          }
          case Answer.Piece.Over _, Answer.Piece.TooLarge _ -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      giveUp();
    }
  }

  @Override
  public CallTable calls() {
    return traffic.calls();
  }

  @Override
  public boolean hasStreamPerCall() {
    return false;
  }

  /** No header says it yet. */
  @Override
  public void agreed(ProtocolVersion version) {}

  /**
   * Some servers answer the POST only when the call is done, long after its progress and its result
   * came on the stream, so nobody waits for that.
   */
  @Override
  public void send(Call call, Message.Request request, Map<String, String> mirrored) {
    Answer answer = start(TraceFields.on(posted(request), call));
    Thread.ofVirtual().name("sallyport-sse-post").start(() -> watch(call, answer));
  }

  /** A POST that is refused ends its call, whenever that is. */
  private void watch(Call call, Answer answer) {
    try (answer) {
      Answer.Piece piece = new Answer.Piece.Nothing();
      while (piece instanceof Answer.Piece.Nothing && isOpen(call)) {
        piece = answer.next(traffic.bounds().accept().toNanos());
      }
      judge(piece).ifPresent(breakdown -> call.put(new Mail.Broken(breakdown)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOpen(Call call) {
    return alive() && traffic.calls().find(call.id()).isPresent();
  }

  @Override
  public void send(Message message) {
    deliver(message);
  }

  private OutboundRequest posted(Message message) {
    return traffic.server().postTo(address, HttpFields.empty(), message.toBytes());
  }

  private Answer start(OutboundRequest request) {
    return traffic.answer(traffic.server().client().start(request, () -> {}));
  }

  /** What went wrong, if anything. */
  private Optional<Breakdown> deliver(Message message) {
    try (Answer answer = start(posted(message))) {
      return judge(answer.next(traffic.bounds().accept().toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(Breakdown.of(Breakdown.Kind.LOST));
    }
  }

  /** Some say "Accepted" in the body. */
  private Optional<Breakdown> judge(Answer.Piece piece) {
    return switch (piece) {
      case Answer.Piece.Over _, Answer.Piece.Text _, Answer.Piece.TooLarge _ -> Optional.empty();
      case Answer.Piece.Refused refused -> {
        if (refused.status() < 300) {
          yield Optional.empty();
        }
        traffic.note(refused);
        yield Optional.of(Statuses.breakdown(refused));
      }
      case Answer.Piece.Broken(OutboundFault fault) -> {
        traffic.note(fault);
        yield Optional.of(
            Breakdown.of(fault.mayHaveArrived() ? Breakdown.Kind.LOST : Breakdown.Kind.UNREACHED));
      }
      case Answer.Piece.Nothing _ -> Optional.of(Breakdown.of(Breakdown.Kind.LOST));
    };
  }

  @Override
  public void cancel(Call call, String reason) {
    later.soon(call.cancelled(reason)); // CS-09
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
    if (ended.compareAndSet(false, true)) {
      traffic.lose();
      stream.close();
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
    boolean silent = alive();
    close();
    return silent ? StartException.silent(waited, List.of()) : traffic.unanswered(waited);
  }

  @Override
  public void close() {
    giveUp();
  }
}
