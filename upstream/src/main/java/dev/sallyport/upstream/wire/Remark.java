package dev.sallyport.upstream.wire;

/** Something a server did that an operator may want to know. Never for callers. */
public sealed interface Remark {

  /** In words, in printable characters. */
  default String text() {
    return switch (this) {
      case Misbehaved(Fault fault, long times) ->
          times == 1 ? fault.text() : fault.text() + ", " + times + " times so far";
      case AnnotationsStripped stripped ->
          "tool " + Printable.of(stripped.tool() + " goes without annotations: " + stripped.why());
      case ToolLeftOut left -> "tool " + Printable.of(left.tool() + " is left out: " + left.why());
      case Unattributed unattributed -> "log: " + Printable.of(unattributed.params());
    };
  }

  /**
   * It broke the protocol, or sent what nobody takes. Told at the first, tenth, hundredth … time.
   */
  record Misbehaved(Fault fault, long times) implements Remark {}

  /** A tool's annotations break the rules, and were left out of its list (HD-16). */
  record AnnotationsStripped(String tool, String why) implements Remark {}

  /** A tool that cannot be called through us was left out of the list. */
  record ToolLeftOut(String tool, String why) implements Remark {}

  /** A log message that belongs to no single call (4-T48), as JSON text. */
  record Unattributed(String params) implements Remark {}
}
