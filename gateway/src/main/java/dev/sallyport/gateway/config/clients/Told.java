package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Finding;

/**
 * What was noticed in one of several files.
 *
 * @param file as it was named
 */
public record Told(String file, Finding finding) {
  /** With its place, as compilers write it. */
  public String line() {
    return finding.told(file);
  }
}
