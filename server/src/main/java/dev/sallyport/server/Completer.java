package dev.sallyport.server;

import dev.sallyport.protocol.Caller;
import java.util.List;

/** Suggests values for an argument while it is being typed. */
@FunctionalInterface
public interface Completer {
  /** Has no suggestions. */
  Completer NOTHING = typed -> List.of();

  /**
   * What is typed so far.
   *
   * @param value the beginning; may be empty
   * @param others arguments that are filled in already
   */
  record Typed(String value, Arguments others, Caller caller) {}

  /**
   * Runs on the thread of the request, while somebody types: it should be quick.
   *
   * @return best first; more than a hundred are cut off (FE-14)
   */
  List<String> complete(Typed typed) throws Exception;
}
