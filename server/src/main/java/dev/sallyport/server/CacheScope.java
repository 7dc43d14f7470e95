package dev.sallyport.server;

import java.util.Locale;

/** Who may be given a cached result again (CA-05). It is a hint and never controls access. */
public enum CacheScope {
  /** Everybody: the result is the same for all callers. */
  PUBLIC,
  /** The same caller only. */
  PRIVATE;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
