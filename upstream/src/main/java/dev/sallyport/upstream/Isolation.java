package dev.sallyport.upstream;

/** Which callers share a child process of a server. */
public enum Isolation {
  /** One child for each caller, whatever sessions it has. */
  CALLER,

  /** One child for each session; for each caller where there are no sessions. */
  SESSION,

  /**
   * One child for everybody. What a child says without naming a call cannot be traced to one of
   * several callers over a pipe, so it reaches none of them: neither log messages nor the questions
   * of servers with a handshake, which are told that their client answers none (2.2.1, 4-T48).
   */
  SHARED
}
