package dev.sallyport.upstream.wire;

/** How a server can break the protocol without ending the conversation. Each is counted. */
public enum Fault {
  /** A line of output that is no message: a banner, a stray print (CS-03). */
  NOT_A_MESSAGE("wrote a line that is no message"),
  /** A request of ours, come back: what reads and writes lines need not be a server. */
  ECHO("sent our own request back"),
  /** A line beyond the bound; it was skipped. */
  LINE_TOO_LONG("wrote a line that is too long"),
  /** An answer to nothing that waits: never asked, answered before, cancelled or timed out. */
  UNKNOWN_ANSWER("answered what nobody waits for"),
  /** An answer whose id is the right number written as a string. It was taken. */
  ID_AS_STRING("answered with the id as a string"),
  /** Progress for no call that asked for it, or that is over (PR-02). */
  UNKNOWN_PROGRESS("reported progress nobody asked for"),
  /** Progress that does not increase (PR-03). */
  PROGRESS_BACKWARDS("reported progress that does not increase"),
  /** A notification dropped because whoever waits for it is too slow. */
  NOTIFICATION_DROPPED("notified faster than its client reads"),
  /** A log message nobody can be found for, or wanted. */
  LOG_UNATTRIBUTED("logged for no single call"),
  /** A request that its era, or the caller's capabilities, do not allow (CS-02, CS-17). */
  REQUEST_REFUSED("asked what it may not ask"),
  /** A message of a subscription that is not there. */
  UNKNOWN_SUBSCRIPTION("notified of no known subscription"),
  /** A result that breaks its era's rules (CH-16, 4-T45). */
  INVALID_RESULT("sent a result that breaks the rules");

  private final String text;

  Fault(String text) {
    this.text = text;
  }

  /** What the server did, in words. */
  String text() {
    return text;
  }
}
