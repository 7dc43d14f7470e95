package dev.sallyport.gateway.federation;

import java.util.Optional;

/**
 * Ids of tasks on an endpoint of several servers: {@code PREFIX:ID}. Clients are shown them sealed,
 * by who stands before this.
 */
final class TaskNames {
  private static final char SEPARATOR = ':';

  private TaskNames() {}

  static Optional<String> prefix(String exposed) {
    int end = exposed.indexOf(SEPARATOR);
    return end < 0 ? Optional.empty() : Optional.of(exposed.substring(0, end));
  }

  static String exposed(String prefix, String original) {
    return prefix + SEPARATOR + original;
  }

  /** Of one that has a prefix. */
  static String original(String exposed) {
    return exposed.substring(exposed.indexOf(SEPARATOR) + 1);
  }
}
