package dev.sallyport.transport.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * The engine's response with what it leaves to us: the date, the end of the connection, answers to
 * {@code HEAD}, streams over HTTP/1.0. Confined to the event loop.
 */
final class LoopResponse {
  private static final long HTTP2_INTERNAL_ERROR = 2;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final PeerConnection peer;
  private final DateField date;
  private boolean closeAfter;
  private boolean begun;

  LoopResponse(HttpServerRequest request, PeerConnection peer, DateField date) {
    this.request = request;
    this.response = request.response();
    this.peer = peer;
    this.date = date;
  }

  /**
   * To be called before anything else is done with the request: a close handler that is set after
   * the peer left never runs.
   */
  void onClose(Runnable action) {
    response.closeHandler(closed -> action.run());
    response.exceptionHandler(failure -> action.run());
    if (response.closed()) {
      action.run();
    }
  }

  /** Whether nothing more can be written. */
  boolean isOver() {
    return response.closed() || response.ended();
  }

  /** Whether something of the answer was handed to the engine. */
  boolean hasBegun() {
    return begun;
  }

  /** The connection is closed after this answer, and says so when its head is not sent yet. */
  void closeAfter() {
    closeAfter = true;
  }

  void head(int status, HttpFields fields) {
    if (isOver() || response.headWritten()) {
      return;
    }
    if (!begun) {
      begun = true;
      peer.answerBegan();
    }
    response.setStatusCode(status);
    fields.forEach((name, value) -> response.headers().add(name, value));
    response.putHeader("Date", date.now());
    if (closeAfter && !peer.http2()) {
      response.putHeader("Connection", "close");
    }
  }

  /** The head of an answer whose length is known before its body is written. */
  void head(int status, HttpFields fields, int length) {
    head(status, fields);
    response.putHeader("Content-Length", Integer.toString(length));
  }

  /** The head of an answer that ends when it ends; with HTTP/1.0 that is when we close. */
  void openHead(int status, HttpFields fields) {
    if (isHttp10()) {
      closeAfter();
    }
    head(status, fields);
  }

  Future<Void> write(Buffer bytes) {
    return response.write(bytes);
  }

  /** Sends the head if it has not been sent along with something of the body. */
  void sendHead() {
    if (response.headWritten()) {
      return;
    }
    // The engine would announce chunks to HTTP/1.0 as well if it wrote nothing but the head.
    if (isHttp10()) {
      response.write(Buffer.buffer());
    } else {
      response.writeHead();
    }
  }

  Future<Void> end(Buffer body) {
    if (isHead(request) && !response.headWritten()) {
      response.putHeader("Content-Length", Integer.toString(body.length()));
      return response.end();
    }
    return response.end(body);
  }

  /** Everything has been written. */
  void written() {
    if (closeAfter && !peer.http2()) {
      peer.linger();
    }
  }

  /** Breaks the answer off, so that nobody takes it for the whole. */
  void breakOff() {
    if (peer.http2()) {
      response.reset(HTTP2_INTERNAL_ERROR);
    } else {
      peer.cutOff();
    }
  }

  static boolean isHead(HttpServerRequest request) {
    return request.method().name().equals("HEAD");
  }

  private boolean isHttp10() {
    return request.version() == HttpVersion.HTTP_1_0;
  }
}
