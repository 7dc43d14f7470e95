package dev.sallyport.transport.http;

import dev.sallyport.protocol.Cancellation;
import dev.sallyport.protocol.Log;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request from its head to the thread that serves it: check the head, find room, ask the
 * service, read the body, hand over. The first refusal ends it. Confined to the event loop but for
 * {@link #lost}.
 */
final class Reception implements Sender.Events {
  private static final Log LOG = Log.of(Reception.class);
  private static final long HTTP2_NO_ERROR = 0;

  /** What all requests of a listener share. */
  record Hall(Vertx vertx, ListenOptions options, Serving serving, Load load, DateField date) {}

  private final Hall hall;
  private final HttpServerRequest request;
  private final PeerConnection peer;
  private final LoopResponse response;
  private final Sender sender;
  private final Cancellation disconnected = new Cancellation();
  private Buffer body = Buffer.buffer();
  private OptionalLong bodyTimer = OptionalLong.empty();
  private Optional<HttpHead> wanted = Optional.empty();
  private Optional<Seat> seat = Optional.empty();
  private boolean admitted;
  private boolean bodyOver;
  private boolean answerOver;
  private boolean settled;
  private long discarded;

  /** Written before the serving thread starts, and read by others only after that. */
  private boolean handedOver;

  private Reception(Hall hall, HttpServerRequest request) {
    this.hall = hall;
    this.request = request;
    this.peer = PeerConnection.of(request.connection());
    this.response = new LoopResponse(request, peer, hall.date);
    this.sender =
        new Sender(
            hall.vertx.getOrCreateContext(),
            request,
            response,
            hall.options.writeDeadline(),
            hall.load,
            this);
  }

  static void of(Hall hall, HttpServerRequest request) {
    new Reception(hall, request).begin();
  }

  private void begin() {
    peer.requestBegan();
    sender.watch();
    request.exceptionHandler(failure -> LOG.log(Level.DEBUG, "body broke off: {0}", failure));
    request.handler(this::chunk);
    request.endHandler(ended -> bodyEnded());
    switch (RequestHead.read(parsed(), peer.address(), request.isSSL())) {
      case RequestHead.Result.Bad bad -> refuse(HttpAnswer.text(bad.status(), bad.why()), true);
      case RequestHead.Result.Good good -> admit(good.head());
    }
    if (!bodyOver && !handedOver) {
      long deadline = hall.options.bodyDeadline().toMillis();
      bodyTimer = OptionalLong.of(hall.vertx.setTimer(deadline, id -> bodyLate()));
    }
  }

  private RequestHead.Parsed parsed() {
    boolean http2 = request.version() == HttpVersion.HTTP_2;
    List<Map.Entry<String, String>> fields = request.headers().entries();
    // Only the real one: in its place the engine would take the first of several Host fields.
    Optional<String> authority =
        Optional.ofNullable(http2 ? request.authority(true) : null).map(Object::toString);
    return new RequestHead.Parsed(request.method().name(), request.uri(), http2, authority, fields);
  }

  private void admit(HttpHead head) {
    if (hall.serving.isDraining() || !hall.load.addRequest()) {
      refuse(unavailable(), true);
      return;
    }
    admitted = true;
    if (hall.serving.isLeaving()) {
      response.closeAfter();
      peer.leave();
    }
    boolean awaitsContinue = expects(head).map("100-continue"::equalsIgnoreCase).orElse(false);
    Optional<HttpAnswer> screened = screen(head);
    if (screened.isPresent()) {
      // Who was told to wait for a 100 may send the body all the same, or not: nobody can tell.
      refuse(screened.get(), awaitsContinue);
    } else if (declaredLength(head) > hall.options.maxBody()) {
      refuse(tooLarge(), true);
    } else if (expects(head).isPresent() && !awaitsContinue) {
      refuse(HttpAnswer.text(417, "the only expectation is 100-continue"), true);
    } else {
      wanted = Optional.of(head);
      if (awaitsContinue) {
        request.response().writeContinue();
      }
    }
  }

  private Optional<HttpAnswer> screen(HttpHead head) {
    try {
      return hall.serving.service().screen(head);
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, "a request could not be screened: " + head, failure);
      return Optional.of(HttpAnswer.text(500, "Internal Server Error"));
    }
  }

  private static Optional<String> expects(HttpHead head) {
    return head.fields().first("Expect");
  }

  private static long declaredLength(HttpHead head) {
    return head.fields().first("Content-Length").map(Long::parseLong).orElse(0L);
  }

  private static HttpAnswer unavailable() {
    return HttpAnswer.text(503, "too many requests at once").with("Retry-After", "1");
  }

  private HttpAnswer tooLarge() {
    return HttpAnswer.text(413, "the body is larger than " + hall.options.maxBody() + " bytes");
  }

  private void chunk(Buffer bytes) {
    if (wanted.isEmpty()) {
      discarded += bytes.length();
      if (discarded > hall.options.maxBody()) {
        giveUpBody();
      }
    } else if (body.length() + (long) bytes.length() > hall.options.maxBody()) {
      refuse(tooLarge(), true);
    } else if (!hall.load.addBody(bytes.length())) {
      refuse(unavailable(), true);
    } else {
      body.appendBuffer(bytes);
    }
  }

  private void bodyEnded() {
    bodyOver = true;
    stopTimer();
    if (wanted.isPresent() && !sender.isOver()) {
      handedOver = true;
      byte[] whole = body.getBytes();
      body = Buffer.buffer(); // The copy is the one that is kept for as long as the call lasts.
      HttpCall call =
          new HttpCall(
              wanted.get(),
              whole,
              sender,
              new KeepAlive(hall.vertx, hall.options.keepAlive()),
              disconnected);
      Seat taken = new Seat(hall.load, whole.length);
      seat = Optional.of(taken);
      hall.serving.start(call, taken);
    }
    settle();
  }

  private void bodyLate() {
    bodyTimer = OptionalLong.empty();
    if (wanted.isEmpty()) {
      giveUpBody();
    } else {
      refuse(HttpAnswer.text(408, "the body took too long"), true);
    }
  }

  /** Answers without reading the body, or the rest of it. */
  private void refuse(HttpAnswer answer, boolean close) {
    wanted = Optional.empty();
    if (close) {
      response.closeAfter();
    }
    if (!peer.http2()) {
      // Once it is answered, the engine does not tell that the peer left in the middle of the body.
      peer.whenClosed(this::giveUpBody);
    }
    sender.sendNow(answer);
    if (close && peer.http2()) {
      giveUpBody();
    }
  }

  /** What still comes has been refused, and it is too much or too slow, or it can not come. */
  private void giveUpBody() {
    if (bodyOver) {
      return;
    }
    bodyOver = true;
    stopTimer();
    if (peer.http2()) {
      request.response().reset(HTTP2_NO_ERROR);
    } else if (answerOver) {
      peer.linger();
    } else {
      response.closeAfter();
    }
    settle();
  }

  private void stopTimer() {
    bodyTimer.ifPresent(hall.vertx::cancelTimer);
    bodyTimer = OptionalLong.empty();
  }

  @Override
  public void lost() {
    if (handedOver) {
      hall.serving.cancel(disconnected);
    }
  }

  @Override
  public void over(boolean complete) {
    answerOver = true;
    seat.ifPresent(Seat::leave);
    if (!complete) {
      giveUpBody();
    }
    settle();
  }

  private void settle() {
    if (answerOver && bodyOver && !settled) {
      settled = true;
      peer.requestOver(response.hasBegun());
      if (admitted && !handedOver) {
        hall.load.removeRequest(body.length());
      }
    }
  }
}
