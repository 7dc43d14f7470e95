package dev.sallyport.cli;

import java.util.List;

/**
 * One command: what its help says, what it takes, and what it does. Asked for nothing but what the
 * command line needs, so that a start builds no more than its own options.
 */
interface Command {
  /** The words that choose it, without {@code sallyport}: {@code keys add}. */
  String path();

  /** What it does, in a sentence. */
  String summary();

  /** What follows its options in the usage line, or nothing. */
  default String usage() {
    return "";
  }

  default List<FlagGroup> flags() {
    return List.of();
  }

  default List<Operand> operands() {
    return List.of();
  }

  /**
   * Whether its first operand ends its options, because what follows is somebody else's command
   * line.
   */
  default boolean endsAtOperand() {
    return false;
  }

  /** Lines to copy, as they are: no help breaks them. */
  List<String> examples();

  /** What else there is to know, a paragraph each. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * Does it.
   *
   * @return the exit code
   */
  int run(Arguments arguments) throws CliFault;

  /** As it is typed: {@code sallyport keys add}. */
  default String typed() {
    return path().isEmpty() ? "sallyport" : "sallyport " + path();
  }

  /** Wrong usage of it: what is wrong, and where to read on. */
  default CliFault misused(String what) {
    return new CliFault(CliFault.USAGE, what, "see:  " + typed() + " --help");
  }
}
