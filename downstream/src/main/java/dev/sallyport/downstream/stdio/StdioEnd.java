package dev.sallyport.downstream.stdio;

import dev.sallyport.downstream.Workers;
import dev.sallyport.downstream.legacy.LegacyPipe;
import dev.sallyport.downstream.legacy.LegacySession;
import dev.sallyport.downstream.legacy.PipeEnd;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.RpcError;
import java.util.Optional;
import java.util.function.Supplier;

/** Standard output and the threads beside it, for a session. Thread-safe. */
final class StdioEnd implements PipeEnd {
  private final Output output;
  private final Workers workers;

  StdioEnd(Output output, Workers workers) {
    this.output = output;
    this.workers = workers;
  }

  @Override
  public boolean send(Message message) {
    return output.send(message);
  }

  @Override
  public boolean send(byte[] json) {
    return output.send(json);
  }

  @Override
  public Optional<RpcError> start(Supplier<Runnable> prepare, Runnable broken) {
    return workers.start(prepare, broken) ? Optional.empty() : Optional.of(LegacyPipe.BUSY);
  }

  /** The pipe's own end is the session's. */
  @Override
  public void opened(LegacySession session) {}
}
