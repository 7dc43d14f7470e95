package dev.sallyport.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * The MCP server behind every contender, of 2026-07-28. It reads of a request what it needs (two
 * header fields, the id, the arguments) and answers with bytes that were prepared at its start.
 *
 * <p>{@code echo} gives a result of as many bytes as its argument {@code bytes} says; {@code
 * stream} sends {@code events} progress notifications, {@code everyMs} apart, whose message is the
 * moment of sending on this machine's monotonic clock; a subscription is acknowledged and left
 * open.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a void promise tells the pipeline instead
final class EchoUpstream extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final int LARGEST_REQUEST = 1024 * 1024;

  /** {@code EchoUpstream LOOPS}: the number of event loops. */
  public static void main(String[] args) throws InterruptedException {
    Engine.of(Integer.parseInt(args[0]))
        .serve(
            true,
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel client) {
                client
                    .pipeline()
                    .addLast(new HttpServerCodec(Engine.decoding()))
                    .addLast(new HttpServerKeepAliveHandler())
                    .addLast(new HttpObjectAggregator(LARGEST_REQUEST))
                    .addLast(new EchoUpstream());
              }
            });
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    String method = request.headers().get("mcp-method", "");
    String body = request.content().toString(StandardCharsets.ISO_8859_1);
    String id = valueIn(body, "id");
    if (!request.method().equals(HttpMethod.POST) || !request.uri().equals("/mcp")) {
      answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, "null", Results.UNKNOWN_METHOD);
      return;
    }
    switch (method) {
      case "server/discover" -> answer(context, HttpResponseStatus.OK, id, Results.DISCOVERED);
      case "tools/list" -> answer(context, HttpResponseStatus.OK, id, Results.TOOLS);
      case "tools/call" -> call(context, request.headers().get("mcp-name", ""), id, body);
      case "subscriptions/listen" -> EventWriter.listen(context, id);
      default -> answer(context, HttpResponseStatus.NOT_FOUND, id, Results.UNKNOWN_METHOD);
    }
  }

  private static void call(ChannelHandlerContext context, String tool, String id, String body) {
    switch (tool) {
      case "echo" ->
          answer(context, HttpResponseStatus.OK, id, Results.ofBytes(valueIn(body, "bytes")));
      case "stream" ->
          EventWriter.stream(
              context,
              id,
              valueIn(body, "progressToken"),
              Integer.parseInt(valueIn(body, "events")),
              Integer.parseInt(valueIn(body, "everyMs")));
      default -> answer(context, HttpResponseStatus.OK, id, Results.INVALID);
    }
  }

  /** Head, id and what was prepared: three buffers and one system call, whatever the size. */
  private static void answer(
      ChannelHandlerContext context, HttpResponseStatus status, String id, ByteBuf prepared) {
    ByteBuf start = context.alloc().ioBuffer(64);
    start.writeCharSequence("{\"jsonrpc\":\"2.0\",\"id\":" + id, StandardCharsets.US_ASCII);
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, start.readableBytes() + prepared.readableBytes());
    context.write(head, context.voidPromise());
    context.write(new DefaultHttpContent(start), context.voidPromise());
    context.writeAndFlush(new DefaultLastHttpContent(prepared.duplicate()), context.voidPromise());
  }

  /**
   * What stands behind the first member of that name, as text. No parser: what comes here is known,
   * and a value that this is asked for is a number or a string without commas or braces.
   */
  static String valueIn(String body, String name) {
    String key = '"' + name + "\":";
    int at = body.indexOf(key);
    if (at < 0) {
      return "null";
    }
    int from = at + key.length();
    int to = from;
    while (to < body.length() && ",}]".indexOf(body.charAt(to)) < 0) {
      to++;
    }
    return body.substring(from, to).strip();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  /** Kept for good outside of the heap, and so never copied on the way to a socket. */
  static ByteBuf prepared(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
  }
}
