package dev.sallyport.transport.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy that speaks CONNECT or SOCKS5, and leads wherever it is asked to: to one peer. What it
 * was asked is kept.
 */
final class LittleProxy implements AutoCloseable {
  private final int target;
  private final Optional<OutboundProxy.Login> wanted;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Peer peer;

  private LittleProxy(OutboundProxy.Kind kind, Peer target, Optional<OutboundProxy.Login> wanted) {
    this.target = target.port();
    this.wanted = wanted;
    peer =
        switch (kind) {
          case CONNECT -> Peer.of(this::connect);
          case SOCKS5 -> Peer.of(this::socks);
        };
  }

  static LittleProxy to(Peer target, OutboundProxy.Kind kind) {
    return new LittleProxy(kind, target, Optional.empty());
  }

  static LittleProxy to(Peer target, OutboundProxy.Kind kind, String user, String password) {
    return new LittleProxy(kind, target, Optional.of(new OutboundProxy.Login(user, password)));
  }

  int port() {
    return peer.port();
  }

  /** What was asked for, in the order it was. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void connect(Peer.Line line) throws IOException {
    asked.add(line.request());
    boolean known =
        wanted
            .map(login -> login.user() + ":" + login.password())
            .map(
                text ->
                    "Basic "
                        + java.util.Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1)))
            .map(text -> asked.getLast().contains("roxy-authorization: " + text))
            .orElse(true);
    if (!known) {
      line.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      line.awaitEnd();
      return;
    }
    line.send("HTTP/1.1 200 Connection established\r\n\r\n");
    lead(line);
  }

  /** RFC 1928 and 1929. */
  private void socks(Peer.Line line) throws IOException {
    DataInputStream in = new DataInputStream(line.in());
    in.readByte();
    byte[] methods = in.readNBytes(in.readUnsignedByte());
    if (wanted.isPresent()) {
      if (new String(methods, ISO_8859_1).indexOf(2) < 0) {
        line.send(new byte[] {5, (byte) 0xff}).awaitEnd();
        return;
      }
      line.send(new byte[] {5, 2});
      in.readByte();
      String user = new String(in.readNBytes(in.readUnsignedByte()), ISO_8859_1);
      String password = new String(in.readNBytes(in.readUnsignedByte()), ISO_8859_1);
      boolean known = wanted.get().equals(new OutboundProxy.Login(user, password));
      line.send(new byte[] {1, (byte) (known ? 0 : 1)});
      if (!known) {
        line.awaitEnd();
        return;
      }
    } else {
      line.send(new byte[] {5, 0});
    }
    in.readNBytes(3);
    int type = in.readUnsignedByte();
    String host =
        switch (type) {
          case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
          case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
          default -> "name " + new String(in.readNBytes(in.readUnsignedByte()), ISO_8859_1);
        };
    asked.add(host + ":" + in.readUnsignedShort());
    line.send(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 80});
    lead(line);
  }

  private void lead(Peer.Line line) throws IOException {
    try (Socket there = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
      Thread back = Thread.ofVirtual().start(() -> pump(there, line));
      InputStream in = line.in();
      OutputStream out = there.getOutputStream();
      in.transferTo(out);
      there.shutdownOutput();
      back.join(Peer.PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Peer.Line to) {
    try {
      from.getInputStream().transferTo(to.out());
      to.close();
    } catch (IOException left) {
      // One of the two has left, which the other notices by itself.
    }
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
