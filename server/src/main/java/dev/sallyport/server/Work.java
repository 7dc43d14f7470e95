package dev.sallyport.server;

import dev.sallyport.protocol.Outcome;

/** An author's code with its arguments, ready to be carried out. */
interface Work {
  /** For the name of its thread and for our log. */
  String name();

  /** Runs the code. Any exception ends the call. */
  Outcome carryOut(Call call) throws Exception;

  /**
   * What the client is told when it failed.
   *
   * @param why may be told to the client
   */
  Outcome failed(String why);
}
