package dev.sallyport.downstream;

import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Refusal;
import dev.sallyport.transport.http.HttpHead;
import java.util.Optional;

/**
 * Who is calling: asked on every HTTP request with its head, before anything of the body is looked
 * at (SH-04, LH-21). An exception counts as a refusal.
 */
public interface CallerCheck {

  /** What a check came to. */
  sealed interface Verdict {
    /** A verified principal. */
    record Known(Identity identity) implements Verdict {}

    /** Nobody we know; the refusal carries the challenge (RS-20). */
    record Unknown(Refusal refusal) implements Verdict {}
  }

  /** Runs on the request's own thread and may block. */
  Verdict check(HttpHead head);

  /**
   * Whether a caller that was known once can still become known. The sessions of one who cannot are
   * ended. May block.
   */
  default boolean mayComeBack(Caller caller) {
    return true;
  }

  /**
   * What goes back for a request that was refused further in: with what its client can do about it,
   * where that depends on the request.
   */
  default Refusal challenged(Refusal refusal, HttpHead head) {
    return refusal;
  }

  /**
   * Refuses what carries no credential at all before its body is read. Runs on the event loop and
   * must not block; whatever passes here still meets {@link #check}.
   */
  default Optional<Refusal> screen(HttpHead head) {
    return Optional.empty();
  }
}
