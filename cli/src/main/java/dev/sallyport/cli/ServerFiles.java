package dev.sallyport.cli;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that a server at a URL is reached with: those whom we trust, who we are. They are read
 * when it is opened, so others take another opening. Taken by one thread at a time; any may look.
 */
final class ServerFiles {
  private final String server;
  private final Screen screen;
  private final HttpEngine engine;
  private final Offered offered;
  private volatile Seen seen;

  private ServerFiles(String server, Screen screen, HttpEngine engine, Offered offered, Seen seen) {
    this.server = server;
    this.screen = screen;
    this.engine = engine;
    this.offered = offered;
    this.seen = seen;
  }

  /** To be made before it is opened. */
  static ServerFiles of(String server, Screen screen, HttpEngine engine, Offered offered) {
    return new ServerFiles(server, screen, engine, offered, Seen.of(paths(offered)));
  }

  private static List<Path> paths(Offered offered) {
    return switch (offered) {
      case Offered.Command _ -> List.of();
      case Offered.Remote(var _, var _, Reach reach) -> {
        List<Path> paths = new ArrayList<>();
        reach.authorities().ifPresent(paths::add);
        reach
            .identity()
            .ifPresent(
                (TlsFiles files) -> {
                  paths.add(files.certificate());
                  paths.add(files.key());
                });
        yield List.copyOf(paths);
      }
    };
  }

  Seen seen() {
    return seen;
  }

  /** Whether they are others than those that were read, all of them there. */
  boolean haveChanged() {
    Seen now = seen.now();
    return !now.equals(seen) && now.isWhole();
  }

  /**
   * Whether the server has to be opened again; changes nothing, because the others of the same
   * change may come to nothing. With files that cannot be used it would only be lost.
   */
  boolean areOthers() {
    return haveChanged() && unusable().isEmpty();
  }

  /** The server goes on. That its files cannot be used is said, once. */
  void goOn() {
    Seen now = seen.now();
    if (now.equals(seen) || !now.isWhole()) {
      return;
    }
    unusable()
        .ifPresent(
            why -> {
              seen = now;
              screen.warn(server + ": " + why + "; it goes on with what it read");
            });
  }

  private Optional<String> unusable() {
    return switch (offered) {
      case Offered.Command _ -> Optional.empty();
      case Offered.Remote(var _, var _, Reach reach) -> {
        try {
          reach.options(engine);
          yield Optional.empty();
        } catch (CliFault unusable) {
          yield Optional.of(unusable.lines().getFirst());
        }
      }
    };
  }
}
