package dev.sallyport.upstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.ClientSession;
import dev.sallyport.upstream.wire.Conversation;
import dev.sallyport.upstream.wire.StartException;
import dev.sallyport.upstream.wire.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Asks every child of a server whether it answers, all at the same time. Never a cached flag. */
final class HealthCheck {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final StartBreaker.Standing standing;
  private final Slots.Snapshot snapshot;
  private final Tally tally;

  HealthCheck(StartBreaker.Standing standing, Slots.Snapshot snapshot, Tally tally) {
    this.standing = standing;
    this.snapshot = snapshot;
    this.tally = tally;
  }

  ServerStatus take() {
    List<ServerStatus.Child> children = children();
    return new ServerStatus(
        state(children),
        standing.last().map(why -> String.valueOf(why.getMessage())),
        standing.last().map(StartException::lastStderr).orElse(List.of()),
        standing.next(),
        children,
        snapshot.ending(),
        snapshot.waiting(),
        tally.events(),
        tally.faults());
  }

  private ServerStatus.State state(List<ServerStatus.Child> children) {
    if (standing.parked()) {
      return ServerStatus.State.PARKED;
    }
    if (standing.failures() > 0) {
      return ServerStatus.State.FAILING;
    }
    return children.isEmpty() || children.stream().anyMatch(ServerStatus.Child::answers)
        ? ServerStatus.State.READY
        : ServerStatus.State.SILENT;
  }

  private List<ServerStatus.Child> children() {
    List<FutureTask<Optional<ServerStatus.Child>>> asked = new ArrayList<>();
    for (Slot slot : snapshot.slots()) {
      slot.child().ifPresent(child -> asked.add(ask(child, whose(slot.key.scope()))));
    }
    snapshot.spare().ifPresent(child -> asked.add(ask(child, "nobody yet")));
    List<ServerStatus.Child> answered = new ArrayList<>();
    for (FutureTask<Optional<ServerStatus.Child>> task : asked) {
      answer(task).ifPresent(answered::add);
    }
    return answered;
  }

  /** A conversation that turns out to be over is none: the next call begins another (CL-03). */
  private static FutureTask<Optional<ServerStatus.Child>> ask(Conversation child, String whose) {
    FutureTask<Optional<ServerStatus.Child>> task =
        new FutureTask<>(
            () -> {
              boolean answers = child.answers(LIMIT);
              return answers || child.alive()
                  ? Optional.of(
                      new ServerStatus.Child(child.where(), whose, child.calls(), answers))
                  : Optional.empty();
            });
    Thread.ofVirtual().name("sallyport-health").start(task);
    return task;
  }

  private static Optional<ServerStatus.Child> answer(
      FutureTask<Optional<ServerStatus.Child>> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a child could not be asked", e.getCause());
    }
  }

  private static String whose(Scope scope) {
    return switch (scope) {
      case Scope.OneCaller(Caller caller) -> caller.subject();
      case Scope.OneSession(Caller caller, ClientSession session) ->
          caller.subject() + ", session " + session.name();
      case Scope.Everybody _ -> "everybody";
    };
  }
}
