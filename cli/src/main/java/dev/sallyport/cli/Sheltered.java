package dev.sallyport.cli;

import dev.sallyport.protocol.Exchange;
import dev.sallyport.protocol.Handler;
import dev.sallyport.protocol.Outcome;
import dev.sallyport.upstream.ChildServer;
import dev.sallyport.upstream.sandbox.Sandbox;
import dev.sallyport.upstream.sandbox.SandboxException;
import dev.sallyport.upstream.wire.StartException;
import java.time.Duration;

/** A server that has come up, and the sandbox that its processes run in. */
record Sheltered(ChildServer server, Sandbox sandbox) implements Handler, AutoCloseable {
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  /** How one server is started. Its own first process is what its sandbox is tried with. */
  record Start(Sallyport.Surroundings surroundings, Share.Settings settings, ChildNews news) {
    /** Starts it in the best sandbox that it can be started in. */
    Sheltered run() throws CliFault {
      ChildServer.prepare();
      try (SlowStep _ = SlowStep.begin(surroundings.screen(), A_WHILE, waiting())) {
        return in(
            chosen(
                () ->
                    Sandbox.openUntried(
                        settings.sandbox(),
                        settings.command().program(surroundings.environment()))),
            false);
      }
    }

    private String waiting() {
      return "waiting for " + settings.name() + " to come up; a first start may have to fetch it";
    }

    private Sheltered in(Sandbox sandbox, boolean tried) throws CliFault {
      try {
        return new Sheltered(open(sandbox), sandbox);
      } catch (StartException e) {
        boolean wanted = !Thread.currentThread().isInterrupted();
        Sandbox working = wanted && !tried ? chosen(sandbox::tried) : sandbox;
        if (working != sandbox) {
          return in(working, true);
        }
        sandbox.close();
        throw wanted
            ? StartFault.of(e, news, sandbox.summary(), settings.sandbox().choice())
            : stopped(settings.name());
      }
    }

    private ChildServer open(Sandbox sandbox) throws StartException {
      return ChildServer.open(
          settings.name(),
          settings.command(),
          settings.upstream().withSandbox(sandbox).withNotices(news));
    }

    private Sandbox chosen(Choosing choosing) throws CliFault {
      try {
        return choosing.choose();
      } catch (SandboxException e) {
        throw new CliFault(CliFault.CONFIG, e.lines());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw stopped(settings.name());
      }
    }
  }

  /** Of a start that was not let come to its end. */
  static CliFault stopped(String name) {
    return new CliFault(CliFault.FAILURE, "stopped before " + name + " had come up");
  }

  private interface Choosing {
    Sandbox choose() throws SandboxException, InterruptedException;
  }

  @Override
  public Outcome handle(Exchange exchange) {
    return server.handle(exchange);
  }

  @Override
  public void close() {
    server.close();
    sandbox.close();
  }
}
