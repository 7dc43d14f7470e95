package dev.sallyport.protocol;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a credential is good for, as far as whoever issued it limits it (RFC 6749 section 3.3).
 * Immutable.
 */
public sealed interface Scopes {
  /** No limit: the credential was made here, by somebody who may do everything. */
  record Every() implements Scopes {}

  /**
   * @param granted as the token has them, and what they include
   */
  record Only(Set<String> granted) implements Scopes {
    public static final Only NONE = new Only(Set.of());

    public Only {
      granted = Set.copyOf(granted);
    }
  }

  /** Which of these are missing, in their alphabetical order; empty when none is. */
  default Set<String> lacking(Set<String> needed) {
    return switch (this) {
      case Every _ -> Set.of();
      case Only(var granted) -> {
        if (granted.containsAll(needed)) {
          yield Set.of();
        }
        Set<String> lacking = new TreeSet<>(needed);
        lacking.removeAll(granted);
        yield lacking;
      }
    };
  }
}
