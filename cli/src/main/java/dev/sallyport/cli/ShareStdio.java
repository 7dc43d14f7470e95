package dev.sallyport.cli;

import dev.sallyport.downstream.stdio.StdioEndpoint;
import dev.sallyport.downstream.stdio.StdioOptions;
import dev.sallyport.gateway.Gateway;
import dev.sallyport.gateway.Limits;
import dev.sallyport.protocol.Cancellation;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code sallyport share --stdio}: one server for the one client that started this, on our own
 * standard input and output, until either side ends it. The same flow as over HTTP, without a
 * listener and without keys.
 */
final class ShareStdio {
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final Sallyport.Surroundings surroundings;
  private final Share.Settings settings;

  ShareStdio(Sallyport.Surroundings surroundings, Share.Settings settings) {
    this.surroundings = surroundings.ofService();
    this.settings = settings;
  }

  int run() throws CliFault {
    Logging.begin();
    Screen screen = surroundings.screen();
    LocalClient.Pipe pipe = LocalClient.Pipe.take();
    try (Stop stop = Stop.install(screen);
        ServerNews news = ServerNews.of(screen, settings.name(), settings.serve().verbose());
        Ahead<Opened> starting =
            Ahead.begin(
                "server",
                () -> settings.opening(surroundings, news, Optional.empty()).run(),
                Opened::close);
        LocalClient client = LocalClient.serve(pipe, endpoint(pipe, starting))) {
      Ahead.State<Opened> state = settled(starting, client, stop);
      if (state instanceof Ahead.State.Opening) {
        return leftEarly(stop);
      }
      if (state instanceof Ahead.State.Failed) {
        client.awaitLeft(A_MOMENT); // Whoever waits is told before we end.
      }
      Opened up = starting.get();
      news.nowServing();
      new Announcement(screen, settings).printToClient(up.server().facts(), up.sandbox());
      stop.nowServing();
      stop.awaitOr(client.left());
      news.nowStopping();
      stop.waitsFor("the server's processes to end");
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Opening.stopped(settings.name());
    }
  }

  /** Before there was anything to serve. That the client left is its right (SS-05). */
  private int leftEarly(Stop stop) {
    if (!stop.asked().isCancelled()) {
      return 0;
    }
    // Said here, because a stop waits for nothing that comes later.
    surroundings.screen().fail(Opening.stopped(settings.name()));
    return CliFault.FAILURE;
  }

  private StdioEndpoint endpoint(LocalClient.Pipe pipe, Ahead<Opened> starting) {
    return Gateway.overStdio(
        pipe.in(),
        pipe.out(),
        StdioOptions.DEFAULT.withLineBytes(settings.serve().maxBody()),
        Limits.Bounds.DEFAULT,
        new WhenUp(starting),
        surroundings.user());
  }

  /** Waits until the server has come up or failed, the client has left, or a stop is asked for. */
  private static Ahead.State<Opened> settled(Ahead<Opened> starting, LocalClient client, Stop stop)
      throws InterruptedException {
    Cancellation over = new Cancellation();
    try (Cancellation.Registration _ = stop.asked().onCancel(over::cancel);
        Cancellation.Registration _ = client.left().onCancel(over::cancel)) {
      return starting.await(over);
    }
  }
}
