package dev.sallyport.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Answers that are event streams. Each is confined to the loop of its connection. */
@SuppressWarnings("FutureReturnValueIgnored") // a void promise tells the pipeline instead
final class EventWriter {
  private static final int SIGN_OF_LIFE_MS = 15_000;

  private final ChannelHandlerContext context;
  private int sent;

  private EventWriter(ChannelHandlerContext context) {
    this.context = context;
  }

  /** So many events, so far apart, and then the result. */
  static void stream(
      ChannelHandlerContext context, String id, String token, int events, int everyMs) {
    EventWriter writer = new EventWriter(context).open();
    writer.repeat(
        everyMs,
        () -> {
          if (writer.sent == events) {
            writer.finish(id);
            return false;
          }
          writer.progress(token);
          return true;
        });
  }

  /** An acknowledgement, and from then on a comment now and then. */
  static void listen(ChannelHandlerContext context, String id) {
    EventWriter writer = new EventWriter(context).open();
    writer.write(
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\""
            + ",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":"
            + id
            + "},\"notifications\":{\"toolsListChanged\":true}}}\n\n");
    writer.repeat(
        SIGN_OF_LIFE_MS,
        () -> {
          writer.write(": still here\n\n");
          return true;
        });
  }

  private EventWriter open() {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    context.writeAndFlush(head, context.voidPromise());
    return this;
  }

  /**
   * Until it says false, or the client has left. Each step has its time from the beginning: counted
   * from the last one, streams that were late together once would stay together for good.
   */
  private void repeat(int everyMs, BooleanSupplier step) {
    repeat(System.nanoTime(), 1, TimeUnit.MILLISECONDS.toNanos(everyMs), step);
  }

  private void repeat(long begun, int number, long everyNanos, BooleanSupplier step) {
    context
        .executor()
        .schedule(
            () -> {
              if (context.channel().isActive() && step.getAsBoolean()) {
                repeat(begun, number + 1, everyNanos, step);
              }
            },
            begun + number * everyNanos - System.nanoTime(),
            TimeUnit.NANOSECONDS);
  }

  private void progress(String token) {
    sent++;
    write(
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
            + "\"progressToken\":"
            + token
            + ",\"progress\":"
            + sent
            + ",\"message\":\""
            + System.nanoTime()
            + "\"}}\n\n");
  }

  private void finish(String id) {
    ByteBuf event = context.alloc().ioBuffer(512);
    event.writeCharSequence("data: {\"jsonrpc\":\"2.0\",\"id\":" + id, StandardCharsets.US_ASCII);
    event.writeBytes(Results.STREAMED.duplicate());
    event.writeCharSequence("\n\n", StandardCharsets.US_ASCII);
    context.write(new DefaultHttpContent(event), context.voidPromise());
    context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
  }

  private void write(String text) {
    context.writeAndFlush(
        new DefaultHttpContent(ByteBufUtil.writeAscii(context.alloc(), text)),
        context.voidPromise());
  }
}
