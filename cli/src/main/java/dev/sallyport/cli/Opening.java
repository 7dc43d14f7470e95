package dev.sallyport.cli;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.outbound.OutboundClient;
import dev.sallyport.transport.outbound.OutboundOptions;
import dev.sallyport.upstream.UpstreamOptions;
import dev.sallyport.upstream.UpstreamServer;
import dev.sallyport.upstream.http.RemoteServer;
import dev.sallyport.upstream.sandbox.Sandbox;
import dev.sallyport.upstream.sandbox.SandboxException;
import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;
import java.util.Optional;

/**
 * How one server is opened: a command's own first process is what its sandbox is tried with, and a
 * URL is asked what it speaks.
 *
 * @param name what people call it
 * @param options before somebody hears of it and it has a sandbox
 * @param engine to reach others on; one is made, and ended with the server, when there is none yet
 */
record Opening(
    Sallyport.Surroundings surroundings,
    String name,
    Offered offered,
    UpstreamOptions options,
    ServerNews news,
    Optional<HttpEngine> engine) {
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  Opened run() throws CliFault {
    try (SlowStep _ = SlowStep.begin(surroundings.screen(), A_WHILE, waiting())) {
      return switch (offered) {
        case Offered.Command command -> started(command);
        case Offered.Remote remote -> reached(remote);
      };
    }
  }

  private String waiting() {
    return switch (offered) {
      case Offered.Command _ ->
          "waiting for " + name + " to come up; a first start may have to fetch it";
      case Offered.Remote remote -> "waiting for an answer of " + remote.url().origin();
    };
  }

  private Opened started(Offered.Command command) throws CliFault {
    UpstreamServer.prepare();
    return in(
        chosen(
            () ->
                Sandbox.openUntried(
                    command.sandbox(), command.command().program(surroundings.environment()))),
        command,
        false);
  }

  /** In the best sandbox that it can be started in. */
  private Opened in(Sandbox sandbox, Offered.Command command, boolean tried) throws CliFault {
    try {
      UpstreamServer server =
          UpstreamServer.open(name, command.command(), upstream().withSandbox(sandbox));
      return new Opened(server, Optional.of(sandbox.summary()), sandbox::close);
    } catch (StartException e) {
      boolean wanted = !Thread.currentThread().isInterrupted();
      Sandbox working = wanted && !tried ? chosen(sandbox::tried) : sandbox;
      if (working != sandbox) {
        return in(working, command, true);
      }
      sandbox.close();
      throw wanted
          ? StartFault.of(e, news, sandbox.summary(), command.sandbox().choice())
          : stopped(name);
    }
  }

  private UpstreamOptions upstream() {
    return options.withNotices(news);
  }

  private Sandbox chosen(Choosing choosing) throws CliFault {
    try {
      return choosing.choose();
    } catch (SandboxException e) {
      throw new CliFault(CliFault.CONFIG, e.lines());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped(name);
    }
  }

  private Opened reached(Offered.Remote there) throws CliFault {
    HttpEngine loops = engine.orElseGet(HttpEngine::begin);
    OutboundClient client = OutboundClient.open(loops, outbound(there, loops));
    Runnable ending =
        () -> {
          client.close();
          if (engine.isEmpty()) {
            loops.close();
          }
        };
    try {
      RemoteServer remote = new RemoteServer(client, there.url(), there.fields());
      return new Opened(UpstreamServer.open(name, remote, upstream()), Optional.empty(), ending);
    } catch (StartException e) {
      boolean unwanted = Thread.interrupted(); // or the end would be cut short as well
      ending.run();
      if (unwanted) {
        Thread.currentThread().interrupt();
        throw stopped(name);
      }
      throw StartFault.ofRemote(e, news);
    }
  }

  private OutboundOptions outbound(Offered.Remote there, HttpEngine loops) throws CliFault {
    try {
      return there.reach().options(loops);
    } catch (CliFault fault) {
      if (engine.isEmpty()) {
        loops.close();
      }
      throw fault;
    }
  }

  /** Of a start that was not let come to its end. */
  static CliFault stopped(String name) {
    return new CliFault(CliFault.FAILURE, "stopped before " + name + " had come up");
  }

  private interface Choosing {
    Sandbox choose() throws SandboxException, InterruptedException;
  }
}
