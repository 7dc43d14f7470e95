package dev.sallyport.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.ResourceLeakDetector;
import java.net.InetSocketAddress;

/** One group of event loops, native where epoll loads, and the settings both programs share. */
final class Engine {
  /** Up to a whole read of a socket in one piece: at Netty's own 8 KiB, 1 MB is 128 of them. */
  static final int PIECE = 64 * 1024;

  private static final int BACKLOG = 1_024;

  private final EventLoopGroup loops;
  private final Class<? extends ServerChannel> server;
  private final Class<? extends Channel> client;

  private Engine(
      int count,
      IoHandlerFactory io,
      Class<? extends ServerChannel> server,
      Class<? extends Channel> client) {
    this.loops = new MultiThreadIoEventLoopGroup(count, io);
    this.server = server;
    this.client = client;
  }

  static Engine of(int loops) {
    // Vert.x, under the gateway, has it off too.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    return Epoll.isAvailable()
        ? new Engine(
            loops,
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class)
        : new Engine(
            loops, NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
  }

  static HttpDecoderConfig decoding() {
    return new HttpDecoderConfig().setMaxChunkSize(PIECE);
  }

  /** A client on one loop: what is on the same one needs no hand-over. */
  Bootstrap client(EventLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channel(client)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
  }

  /** Listens, and says where in one line of JSON. */
  void serve(boolean readsAtOnce, ChannelInitializer<Channel> each) throws InterruptedException {
    Channel listening =
        new ServerBootstrap()
            .group(loops)
            .channel(server)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.AUTO_READ, readsAtOnce)
            .childHandler(each)
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    int port = ((InetSocketAddress) listening.localAddress()).getPort();
    System.out.printf(
        "{\"url\":\"http://127.0.0.1:%d/mcp\",\"pid\":%d,\"io\":\"%s\"}%n",
        port, ProcessHandle.current().pid(), server.getSimpleName());
    listening.closeFuture().sync();
  }
}
