package dev.sallyport.gateway.federation;

import java.util.Optional;

/**
 * Where a page of a list of several servers begins.
 *
 * @param prefix of the first server on it; empty for the very first
 * @param cursor of that server
 * @param pages that began at that server already
 */
record Position(String prefix, Optional<String> cursor, int pages) {
  static final Position FIRST = at("");

  /** Where a server's list begins. */
  static Position at(String prefix) {
    return new Position(prefix, Optional.empty(), 0);
  }
}
