package dev.sallyport.transport.outbound;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Leaves out what a server says before its answer, whatever it is (RFC 9110, 15.2): the engine
 * knows two such statuses, and takes each other for the answer. Confined to a connection's loop.
 */
final class InterimAnswers extends ChannelInboundHandlerAdapter {
  private static final int MOST = 32;
  private static final int SWITCHING_PROTOCOLS = 101;

  private boolean skipping;
  private int skipped;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (skipped <= MOST
        && message instanceof HttpResponse response
        && response.decoderResult().isSuccess()) {
      int status = response.status().code();
      skipping = HttpStatusClass.INFORMATIONAL.contains(status) && status != SWITCHING_PROTOCOLS;
      skipped = skipping ? skipped + 1 : 0;
    }
    if (!skipping) {
      context.fireChannelRead(message);
      return;
    }
    ReferenceCountUtil.release(message);
    if (skipped > MOST) {
      context.fireExceptionCaught(new IllegalArgumentException("too many interim answers"));
    } else if (message instanceof LastHttpContent) {
      skipping = false;
    }
  }
}
