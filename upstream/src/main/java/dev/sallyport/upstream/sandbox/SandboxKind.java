package dev.sallyport.upstream.sandbox;

import java.util.Locale;

/** How a child is kept in. */
public enum SandboxKind {
  BWRAP,
  LANDLOCK,
  NONE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
