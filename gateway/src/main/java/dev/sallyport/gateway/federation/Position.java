package dev.sallyport.gateway.federation;

import java.util.Optional;

/**
 * Where a page of a list of several servers begins.
 *
 * @param prefix of the first server on it; empty for the very first
 * @param cursor of that server
 */
record Position(String prefix, Optional<String> cursor) {
  static final Position FIRST = new Position("", Optional.empty());
}
