package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.ServerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives each server a name that it can have here, and that makes a prefix of its own. */
final class Names {
  private static final int LONGEST = 41;
  private static final int LONGEST_PREFIX = 24;

  private final Set<String> names = new HashSet<>();
  private final Set<String> prefixes = new HashSet<>();

  /**
   * A name, and why it is not the one that was asked for.
   *
   * @param why a sentence; empty when it is the same
   */
  record Given(String name, Optional<String> why) {}

  /** A name as near as can be; the same when it can be one. */
  static String fit(String name) {
    if (ServerConfig.isName(name)) {
      return name;
    }
    String plain = name.replaceAll("[^A-Za-z0-9_-]+", "-").replaceFirst("^[_-]+", "");
    String cut = plain.substring(0, Math.min(plain.length(), LONGEST)).replaceFirst("-+$", "");
    return cut.isEmpty() ? "server" : cut;
  }

  /**
   * The nearest that is free, with a number behind it if need be, and from now on taken.
   *
   * @param offered whether it is offered, and has a prefix
   */
  Given give(String wanted, boolean offered) {
    String fit = fit(wanted);
    String name = fit;
    for (int number = 2; isTaken(name); number++) {
      String end = "-" + number;
      // The number has to be in the prefix too.
      name = fit.substring(0, Math.min(fit.length(), LONGEST_PREFIX - end.length())) + end;
    }
    Optional<String> why =
        name.equals(wanted)
            ? Optional.empty()
            : Optional.of(name.equals(fit) ? broken(wanted) : clash(fit));
    names.add(name);
    if (offered) {
      prefixes.add(prefix(name));
    }
    return new Given(name, why);
  }

  private boolean isTaken(String name) {
    return names.contains(name) || prefixes.contains(prefix(name));
  }

  private String clash(String fit) {
    return names.contains(fit)
        ? "there is another " + fit
        : "there is another with the prefix " + prefix(fit);
  }

  /** Which rules of names it breaks. */
  private static String broken(String name) {
    List<String> rules = new ArrayList<>();
    if (!name.matches("[A-Za-z0-9_-]*")) {
      rules.add("is made of A-Z a-z 0-9 _ -");
    }
    if (!name.matches("(?s)[A-Za-z0-9].*")) {
      rules.add("begins with a letter or a digit");
    }
    if (name.length() > LONGEST) {
      rules.add("has " + LONGEST + " characters at most");
    }
    return "a name " + String.join(" and ", rules);
  }

  private static String prefix(String name) {
    return ServerConfig.prefixOf(name).orElse("");
  }
}
