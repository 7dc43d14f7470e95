package dev.sallyport.transport.outbound;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Why a request has no answer, or not the whole of it.
 *
 * @param mayHaveArrived whether the peer may have seen the request, and acted on it
 * @param detail one line for the operator; never for a peer, since it tells what was reached
 */
public record OutboundFault(Kind kind, boolean mayHaveArrived, String detail) {

  /** The ways in which a request can fail. */
  public enum Kind {
    /** The name has no address. */
    UNRESOLVED,
    /** The address is none that may be connected to. */
    FORBIDDEN,
    /** Nobody listens there, or there is no way. */
    UNREACHABLE,
    /** No connection in time. */
    TIMED_OUT,
    /** No trust between the two, or no common version of TLS. */
    TLS,
    /** All connections are taken, and as many wait for one as may. */
    BUSY,
    /** The connection ended before the answer did. */
    BROKEN,
    /** What came is no HTTP, or breaks a bound of ours. */
    MALFORMED,
    /** We ended it. */
    CLOSED
  }

  static OutboundFault of(Kind kind, String detail) {
    return new OutboundFault(kind, false, detail);
  }

  /** There was no connection to send the request on. */
  static OutboundFault beforeSending(Throwable cause) {
    return of(kindOf(cause), text(cause));
  }

  /** The request was on its way. */
  static OutboundFault afterSending(Throwable cause) {
    Kind kind = kindOf(cause);
    return new OutboundFault(kind == Kind.UNREACHABLE ? Kind.BROKEN : kind, true, text(cause));
  }

  /** Whether another address of the same host may do better. */
  boolean isOfAddress() {
    return kind == Kind.UNREACHABLE || kind == Kind.TIMED_OUT;
  }

  private static Kind kindOf(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _, TimeoutException _ -> Kind.TIMED_OUT;
      case ConnectException _, NoRouteToHostException _ -> Kind.UNREACHABLE;
      case SSLException _ -> Kind.TLS;
      case TooLongFrameException _ -> Kind.MALFORMED;
      case DecoderException wrapped when wrapped.getCause() instanceof SSLException -> Kind.TLS;
      case DecoderException _, IllegalArgumentException _ -> Kind.MALFORMED;
      case HttpClosedException _, StreamResetException _ -> Kind.BROKEN;
      default ->
          String.valueOf(cause.getMessage()).contains("max wait queue size")
              ? Kind.BUSY
              : Kind.BROKEN;
    };
  }

  private static String text(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String line = message.lines().findFirst().orElse("");
    return line.isEmpty() || line.equals("null") ? cause.getClass().getSimpleName() : line;
  }
}
