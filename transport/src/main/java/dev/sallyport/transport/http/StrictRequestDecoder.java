package dev.sallyport.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP/1 parser of Vert.x, made to refuse what it joins or skips in silence: folded header
 * lines, chunk extensions, versions that are not ours. It also bounds how long a head may take,
 * which nothing above the parser can see. It looks at the bytes the parser consumed, so there is no
 * second parser that could disagree. Confined to the event loop.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private final PeerConnection peer;
  private final long headDeadlineNanos;
  private Optional<ScheduledFuture<?>> headTimer = Optional.empty();
  private boolean readingHead = true;
  private boolean headBegun;
  private boolean afterFeed;
  private boolean folded;
  private boolean chunked;
  private boolean sizeLineDue;
  private boolean discarding;

  StrictRequestDecoder(Http1ServerConfig config, PeerConnection peer, long headDeadlineNanos) {
    super(config);
    this.peer = peer;
    this.headDeadlineNanos = headDeadlineNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    // The first head may take as long as any other, counted from the connection on.
    startHeadTimer(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    stopHeadTimer();
    super.handlerRemoved0(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stopHeadTimer();
    super.channelInactive(ctx);
  }

  /** From now on whatever comes is thrown away. */
  void discard() {
    discarding = true;
    stopHeadTimer();
  }

  /** Whether part of a head has come. */
  boolean headBegun() {
    return headBegun;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (discarding) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (readingHead && !headBegun) {
      headBegun = true;
      startHeadTimer(ctx);
    }
    int before = in.readerIndex();
    boolean wasHead = readingHead;
    super.decode(ctx, in, out);
    if (wasHead) {
      lookForFolding(in, before);
    }
    for (Object message : out) {
      if (message instanceof HttpRequest request) {
        headRead(request);
      }
    }
    if (!wasHead && chunked) {
      lookForExtension(in, before, out);
    }
    if (!out.isEmpty() && out.getLast() instanceof LastHttpContent last && isGood(last)) {
      readingHead = true;
      headBegun = false;
    }
    refuseBad(out);
  }

  private void headRead(HttpRequest request) {
    stopHeadTimer();
    readingHead = false;
    afterFeed = false;
    chunked = request.headers().contains("Transfer-Encoding");
    sizeLineDue = chunked;
    if (request.decoderResult().isFailure()) {
      return;
    }
    if (folded) {
      request.setDecoderResult(DecoderResult.failure(new BadHeadException(400)));
    } else if (!isOurs(request.protocolVersion())) {
      request.setDecoderResult(
          DecoderResult.failure(new BadHeadException(refusal(request.protocolVersion()))));
    }
  }

  /** The parser makes "HTTP" of "http"; what it made is none of its two constants. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isOurs(HttpVersion version) {
    return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
  }

  /** RFC 9112, 2.3: a name in other letters is no HTTP at all; 505 is for its other versions. */
  private static int refusal(HttpVersion version) {
    boolean another =
        version.protocolName().equals("HTTP")
            && !version.equals(HttpVersion.HTTP_1_1)
            && !version.equals(HttpVersion.HTTP_1_0);
    return another ? 505 : 400;
  }

  /** RFC 9112, 5.2: a line of the head that begins with white space continues the one before. */
  private void lookForFolding(ByteBuf in, int from) {
    for (int i = from; i < in.readerIndex(); i++) {
      byte b = in.getByte(i);
      if (afterFeed && (b == ' ' || b == '\t')) {
        folded = true;
      }
      afterFeed = b == '\n';
    }
  }

  /**
   * Of what was consumed, all that is no content is framing: the line with a chunk's size when one
   * was due, the two bytes that end a chunk, and at the very end the trailers.
   */
  private void lookForExtension(ByteBuf in, int from, List<Object> out) {
    int to = in.readerIndex();
    int framing = to - from;
    if (sizeLineDue && framing > 0) {
      sizeLineDue = false;
      int feed = in.indexOf(from, to, (byte) '\n');
      if (feed >= 0) {
        if (in.indexOf(from, feed, (byte) ';') >= 0) {
          refuseContent(out);
          return;
        }
        framing -= feed + 1 - from;
      }
    }
    for (Object message : out) {
      if (message instanceof HttpContent content) {
        framing -= content.content().readableBytes();
      }
    }
    sizeLineDue |= framing == 2;
  }

  private static void refuseContent(List<Object> out) {
    out.forEach(ReferenceCountUtil::release);
    out.clear();
    LastHttpContent bad = new DefaultLastHttpContent();
    bad.setDecoderResult(DecoderResult.failure(new BadHeadException(400)));
    out.add(bad);
  }

  /**
   * Answers a malformed message here, when no answer is under way that would be spoilt. Otherwise
   * it goes the long way round, and the connection is closed after the answer before it.
   */
  private void refuseBad(List<Object> out) {
    Optional<HttpObject> bad =
        out.stream()
            .map(HttpObject.class::cast)
            .filter(message -> message.decoderResult().isFailure())
            .findFirst();
    if (bad.isEmpty()) {
      return;
    }
    discard();
    boolean isHead = bad.get() instanceof HttpMessage;
    if (!(isHead ? peer.isBusy() : peer.isAnswering())) {
      out.forEach(ReferenceCountUtil::release);
      out.clear();
      Throwable cause = bad.get().decoderResult().cause();
      // The parser bounds the line with a chunk's size as it does the request's, and calls it the
      // same. 414 is about the target alone (RFC 9110, 15.5.15).
      boolean sizeLine = !isHead && cause instanceof TooLongHttpLineException;
      peer.refuse(sizeLine ? 400 : BadHeadException.status(cause));
    }
  }

  private static boolean isGood(LastHttpContent content) {
    return content.decoderResult().isSuccess();
  }

  private void startHeadTimer(ChannelHandlerContext ctx) {
    if (headTimer.isEmpty() && !discarding) {
      headTimer =
          Optional.of(
              ctx.executor()
                  .schedule(() -> headLate(ctx), headDeadlineNanos, TimeUnit.NANOSECONDS));
    }
  }

  private void stopHeadTimer() {
    headTimer.ifPresent(timer -> timer.cancel(false));
    headTimer = Optional.empty();
  }

  private void headLate(ChannelHandlerContext ctx) {
    headTimer = Optional.empty();
    if (peer.isBusy()) {
      // Half a head behind a request that is being served: it may stay half as long as that takes.
      startHeadTimer(ctx);
    } else if (headBegun) {
      peer.refuse(408);
    } else {
      peer.cutOff();
    }
  }
}
