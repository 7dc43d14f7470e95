package dev.sallyport.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The least an HTTP/1.1 reverse proxy has to do, and so the yardstick: it parses each head on both
 * sides, puts the server's name into {@code Host}, and hands on every piece of a body as it came.
 * It checks nobody and reads nothing of what it carries.
 *
 * <p>Each client's connection has one of its own to the server, on the same event loop: nothing is
 * handed from thread to thread, answers come in order by themselves, and a side that is slow stops
 * the reading of the other one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a void promise tells the pipeline instead
public final class RawProxy extends ChannelInitializer<Channel> {
  private final Engine engine;
  private final InetSocketAddress server;
  private final AsciiString host;

  private RawProxy(Engine engine, InetSocketAddress server) {
    this.engine = engine;
    this.server = server;
    host = AsciiString.of("127.0.0.1:" + server.getPort());
  }

  /**
   * {@code RawProxy LOOPS PORT}: the number of event loops, and where on this machine to send to.
   */
  public static void main(String[] args) throws InterruptedException {
    Engine engine = Engine.of(Integer.parseInt(args[0]));
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    engine.serve(false, new RawProxy(engine, server));
  }

  /** A client is read from once there is somebody to hand its requests to. */
  @Override
  protected void initChannel(Channel client) {
    client.pipeline().addLast(new HttpServerCodec(Engine.decoding()));
    ChannelFuture connecting =
        engine
            .client(client.eventLoop())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel upstream) {
                    upstream
                        .pipeline()
                        .addLast(new HttpClientCodec(Engine.decoding(), false, false))
                        .addLast(new Relay(client));
                  }
                })
            .connect(server);
    client.pipeline().addLast(new Relay(connecting.channel()));
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            client.config().setAutoRead(true);
          } else {
            client.close();
          }
        });
  }

  /** One direction: what one side reads, the other one writes. */
  private final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Relay(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpObject read && read.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        context.close();
        return;
      }
      if (message instanceof HttpRequest request) {
        request.headers().set(HttpHeaderNames.HOST, host);
      }
      other.write(message, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      other.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      other.config().setAutoRead(context.channel().isWritable());
    }

    /** What was read before the end still arrives. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
