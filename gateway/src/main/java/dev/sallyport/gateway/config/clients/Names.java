package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.ServerConfig;
import java.util.HashSet;
import java.util.Set;

/** Gives each server a name that it can have here, and that makes a prefix of its own. */
final class Names {
  private static final int LONGEST = 41;
  private static final int LONGEST_PREFIX = 24;

  private final Set<String> names = new HashSet<>();
  private final Set<String> prefixes = new HashSet<>();

  /** A name as near as can be. */
  static String fit(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_-]+", "-").replaceFirst("^[_-]+", "");
    String cut = plain.substring(0, Math.min(plain.length(), LONGEST)).replaceFirst("-+$", "");
    return cut.isEmpty() ? "server" : cut;
  }

  /**
   * The same, or with a number behind it, and from now on taken.
   *
   * @param offered whether it is offered, and has a prefix
   */
  String free(String fit, boolean offered) {
    String name = fit;
    for (int number = 2; names.contains(name) || prefixes.contains(prefix(name)); number++) {
      String end = "-" + number;
      // The number has to be in the prefix too.
      name = fit.substring(0, Math.min(fit.length(), LONGEST_PREFIX - end.length())) + end;
    }
    names.add(name);
    if (offered) {
      prefixes.add(prefix(name));
    }
    return name;
  }

  private static String prefix(String name) {
    return ServerConfig.prefixOf(name).orElse("");
  }
}
