package dev.sallyport.gateway.config.clients;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The clients whose files we know. */
public enum Client {
  CLAUDE_CODE("claude-code", Expands.VARIABLES, TimeUnit.MILLISECONDS),
  CLAUDE_DESKTOP("claude-desktop", Expands.NOTHING, TimeUnit.UNCLEAR),
  CURSOR("cursor", Expands.EDITORS, TimeUnit.UNCLEAR),
  VSCODE("vscode", Expands.EDITORS, TimeUnit.UNCLEAR),
  WINDSURF("windsurf", Expands.EDITORS, TimeUnit.UNCLEAR),
  GEMINI("gemini", Expands.DOLLARS, TimeUnit.MILLISECONDS),
  CODEX("codex", Expands.NOTHING, TimeUnit.SECONDS),
  INSPECTOR("inspector", Expands.NOTHING, TimeUnit.MILLISECONDS);

  private final String text;
  private final Expands expands;
  private final TimeUnit timeouts;

  Client(String text, Expands expands, TimeUnit timeouts) {
    this.text = text;
    this.expands = expands;
    this.timeouts = timeouts;
  }

  /** What it puts into values. */
  enum Expands {
    NOTHING,
    /** {@code ${VAR}}, {@code ${VAR:-default}}. */
    VARIABLES,
    /** The same, and {@code $VAR}. */
    DOLLARS,
    /** {@code ${env:VAR}}, {@code ${input:ID}}, {@code ${workspaceFolder}} and more. */
    EDITORS
  }

  /** What it means by a timeout without a unit. */
  enum TimeUnit {
    MILLISECONDS,
    SECONDS,
    /** It has no such key that we know of. */
    UNCLEAR
  }

  Expands expands() {
    return expands;
  }

  TimeUnit timeouts() {
    return timeouts;
  }

  /** As people write it. */
  @Override
  public String toString() {
    return text;
  }

  public static Optional<Client> named(String name) {
    return Arrays.stream(values()).filter(each -> each.text.equals(name)).findFirst();
  }

  /** All of their names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Client::toString).toList();
  }
}
