package dev.sallyport.upstream.sandbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the operator wants of a sandbox. */
public enum SandboxChoice {
  /** The best there is on this machine; never a reason not to start. */
  AUTO,
  /** All of it, and nothing allowed that no flag names; or no start. */
  STRICT,
  /** The kernel's own, for machines without namespaces; or no start. */
  LANDLOCK,
  /** Bubblewrap: namespaces and a file system of its own; or no start. */
  BWRAP,
  /** Nothing but the scrubbed environment. */
  NONE;

  public static Optional<SandboxChoice> of(String text) {
    return Arrays.stream(values()).filter(choice -> choice.text().equals(text)).findFirst();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kinds to try, best first. */
  List<SandboxKind> kinds() {
    return switch (this) {
      case AUTO -> List.of(SandboxKind.BWRAP, SandboxKind.LANDLOCK, SandboxKind.NONE);
      case STRICT, BWRAP -> List.of(SandboxKind.BWRAP);
      case LANDLOCK -> List.of(SandboxKind.LANDLOCK);
      case NONE -> List.of(SandboxKind.NONE);
    };
  }
}
