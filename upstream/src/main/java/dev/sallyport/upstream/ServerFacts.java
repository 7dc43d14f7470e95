package dev.sallyport.upstream;

import dev.sallyport.protocol.ProtocolVersion;

/**
 * What a server said of itself at its first start, for people: nothing may be decided by it.
 *
 * @param name its own, or the operator's when it gave none
 * @param version its own; empty when it gave none
 * @param era {@code legacy} or {@code modern}
 * @param protocol the version we speak with it
 * @param where what was asked: {@code stdio, pid 4711}
 * @param tools how many it listed; a server may list other callers others
 */
public record ServerFacts(
    String name,
    String version,
    String era,
    ProtocolVersion protocol,
    String where,
    int tools,
    int resources,
    int prompts) {

  /** All in one line. */
  public String summary() {
    return String.format(
        "%s%s   %s, speaks %s   %d tools · %d resources · %d prompts",
        name,
        version.isEmpty() ? "" : " " + version,
        where,
        protocol.text(),
        tools,
        resources,
        prompts);
  }
}
