package dev.sallyport.upstream.wire;

import dev.sallyport.protocol.Outcome;

/** What became of an exchange on one conversation. */
public sealed interface Carried {
  /** How it ends, if it is not carried out again. */
  Outcome outcome();

  /** That is how it ended. */
  record Done(Outcome outcome) implements Carried {}

  /**
   * Nothing came of it, nor can it have had an effect, or none that a second time would not have:
   * whatever serves next may carry it out (T13).
   */
  record Again(Outcome outcome) implements Carried {}
}
