package dev.sallyport.transport.outbound;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a request has no answer, or not the whole of it.
 *
 * @param mayHaveArrived whether the peer may have seen the request, and acted on it
 * @param detail one line for the operator; never for a peer, since it tells what was reached
 */
public record OutboundFault(Kind kind, boolean mayHaveArrived, String detail) {
  private static final long REFUSED_STREAM = 7; // RFC 9113, 7

  /** As Netty says it, and Java. */
  private static final Pattern REFUSED =
      Pattern.compile(".*Connection refused: (?:[^/]*/)?([\\x21-\\x7e]+)");

  private static final int LONGEST_TEXT = 200;

  /** The ways in which a request can fail. */
  public enum Kind {
    /** The name has no address. */
    UNRESOLVED,
    /** The address is none that may be connected to. */
    FORBIDDEN,
    /** Nobody listens there, or there is no way. */
    UNREACHABLE,
    /** The proxy does not make the connection. */
    PROXY,
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

  /** The client ended. */
  static OutboundFault closed() {
    return of(Kind.CLOSED, "the program ends");
  }

  static OutboundFault unresolved(UnknownHostException unknown) {
    return of(Kind.UNRESOLVED, text(unknown));
  }

  /** There was no connection to send the request on. */
  static OutboundFault beforeSending(Throwable cause) {
    if (cause.getCause() instanceof SslHandshakeTimeoutException) {
      return of(Kind.TIMED_OUT, text(cause));
    }
    return TlsTrouble.explain(cause)
        .map(why -> of(Kind.TLS, why))
        .orElseGet(() -> of(kindOf(cause), text(cause)));
  }

  /**
   * The request was on its way.
   *
   * @param unseen whether the peer says that it has not looked at it
   */
  static OutboundFault afterSending(Throwable cause, boolean unseen) {
    return TlsTrouble.afterwards(cause)
        .map(why -> new OutboundFault(Kind.TLS, !unseen, why))
        .orElseGet(
            () -> {
              Kind kind = kindOf(cause);
              return new OutboundFault(
                  kind == Kind.UNREACHABLE ? Kind.BROKEN : kind, !unseen, text(cause));
            });
  }

  /**
   * Whether the peer says that it has not looked at a request, and never will (RFC 9113, 6.8 and
   * 8.7).
   *
   * @param stream the request's
   */
  static boolean isUnseen(Throwable cause, long stream) {
    return switch (cause) {
      case StreamResetException reset -> reset.getCode() == REFUSED_STREAM;
      case HttpClosedException closed ->
          closed.goAway() != null && stream > closed.goAway().getLastStreamId();
      default -> false;
    };
  }

  /** Whether another address of the same host may do better. */
  boolean isOfAddress() {
    return kind == Kind.UNREACHABLE || kind == Kind.TIMED_OUT;
  }

  private static Kind kindOf(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _, TimeoutException _ -> Kind.TIMED_OUT;
      case ConnectException _, NoRouteToHostException _ -> Kind.UNREACHABLE;
      case TooLongFrameException _ -> Kind.MALFORMED;
      case DecoderException _, IllegalArgumentException _, IllegalStateException _ ->
          Kind.MALFORMED;
      case HttpClosedException _, StreamResetException _ -> Kind.BROKEN;
      default -> Kind.BROKEN;
    };
  }

  /** The peer may have written part of it, and somebody reads it on a terminal. */
  private static String text(Throwable cause) {
    String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    if (line.isEmpty() || line.equals("null")) {
      return cause.getClass().getSimpleName();
    }
    Matcher refused = REFUSED.matcher(line);
    if (refused.matches()) {
      return "nothing listens at " + refused.group(1) + " (connection refused)";
    }
    String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() > LONGEST_TEXT ? printable.substring(0, LONGEST_TEXT) : printable;
  }
}
