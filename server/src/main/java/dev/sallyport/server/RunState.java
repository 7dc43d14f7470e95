package dev.sallyport.server;

import dev.sallyport.protocol.Outcome;
import java.util.List;

/** Where a {@link Run} stands. */
sealed interface RunState {
  record Working() implements RunState {}

  /** The code waits for answers; no exchange waits for the code. */
  record Asking(String handle, List<Ask<?>> open) implements RunState {
    Outcome outcome() {
      return new Outcome.InputRequired(open.stream().map(Ask::question).toList(), handle);
    }
  }

  record Done(Outcome outcome) implements RunState {}

  /** Cancelled or given up; what the code still does reaches nobody. */
  record Dropped() implements RunState {}
}
