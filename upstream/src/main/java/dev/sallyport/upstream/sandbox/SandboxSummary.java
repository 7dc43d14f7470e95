package dev.sallyport.upstream.sandbox;

import java.util.List;

/**
 * What a sandbox holds, for people and programs.
 *
 * @param missing what does not hold, in words
 * @param told one line
 * @param warnings what would be expected and does not hold, each with the way to get it
 */
public record SandboxSummary(
    SandboxKind kind, List<String> missing, String told, List<String> warnings) {
  public SandboxSummary {
    missing = List.copyOf(missing);
    warnings = List.copyOf(warnings);
  }
}
