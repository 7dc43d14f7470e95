package dev.sallyport.upstream.stdio;

/** How a child can break the protocol without ending the conversation. Each is counted. */
public enum Fault {
  /** A line of output that is no message: a banner, a stray print (CS-03). */
  NOT_A_MESSAGE,
  /** A line beyond the bound; it was skipped. */
  LINE_TOO_LONG,
  /** An answer to nothing that waits: never asked, answered before, cancelled or timed out. */
  UNKNOWN_ANSWER,
  /** An answer whose id is the right number written as a string. It was taken. */
  ID_AS_STRING,
  /** Progress for no call that asked for it, or that is over (PR-02). */
  UNKNOWN_PROGRESS,
  /** Progress that does not increase (PR-03). */
  PROGRESS_BACKWARDS,
  /** A notification dropped because whoever waits for it is too slow. */
  NOTIFICATION_DROPPED,
  /** A log message nobody can be found for, or wanted. */
  LOG_UNATTRIBUTED,
  /** A request that its era, or the caller's capabilities, do not allow (CS-02, CS-17). */
  REQUEST_REFUSED,
  /** A message of a subscription that is not there. */
  UNKNOWN_SUBSCRIPTION,
  /** A result that breaks its era's rules (CH-16, 4-T45). */
  INVALID_RESULT
}
