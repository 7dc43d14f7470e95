package dev.sallyport.server;

import java.util.Locale;

/** Whose words a message holds. */
public enum Role {
  USER,
  ASSISTANT;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
