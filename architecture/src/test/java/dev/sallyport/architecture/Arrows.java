package dev.sallyport.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who may know whom: the arrows between modules, and no circles between the packages of one module.
 */
final class Arrows {
  /**
   * The direct arrows of ARCHITECTURE.md. What a module may use is everything that it can reach
   * along them.
   */
  private static final Map<String, Set<String>> DIRECT =
      Map.of(
          "protocol", Set.of(),
          "transport", Set.of("protocol"),
          "downstream", Set.of("transport"),
          "upstream", Set.of("transport"),
          "access", Set.of("transport"),
          "gateway", Set.of("downstream", "upstream", "access"),
          "signin", Set.of("access", "transport"),
          "server", Set.of("downstream"),
          "cli", Set.of("gateway", "signin"),
          "examples", Set.of("server"));

  private Arrows() {}

  static List<String> between(String root, JavaClasses classes) {
    Set<String> violations = new LinkedHashSet<>();
    for (JavaClass origin : classes) {
      String from = module(root, origin).orElse("");
      if (!DIRECT.containsKey(from)) {
        violations.add(
            origin.getName()
                + " is in no module that has an arrow; draw one in ARCHITECTURE.md and here");
        continue;
      }
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        Optional<String> to = module(root, dependency.getTargetClass());
        if (to.isPresent() && !to.get().equals(from) && !reachable(from).contains(to.get())) {
          violations.add(from + " must not know " + to.get() + ": " + dependency.getDescription());
        }
      }
    }
    return List.copyOf(violations);
  }

  /**
   * Circles among the packages of a module. What a package says to one that encloses it does not
   * count: the enclosing one holds the words that all inside share, and puts them together.
   */
  static List<String> circles(String root, JavaClasses classes) {
    SortedMap<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass origin : classes) {
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String from = origin.getPackageName();
        String to = dependency.getTargetClass().getPackageName();
        boolean within = module(root, origin).equals(module(root, dependency.getTargetClass()));
        if (within && !from.equals(to) && !from.startsWith(to + ".")) {
          uses.computeIfAbsent(from, ignored -> new TreeSet<>()).add(to);
        }
      }
    }
    List<String> violations = new ArrayList<>();
    for (String start : uses.keySet()) {
      for (String next : uses.getOrDefault(start, Set.of())) {
        // Reported once, from its first package in the alphabet.
        if (start.compareTo(next) < 0 && reaches(uses, next, start, new TreeSet<>())) {
          violations.add(start + " and " + next + " need each other");
        }
      }
    }
    return violations;
  }

  /**
   * Outside transport there is only blocking code: the engine's own types would bring its callbacks
   * along.
   */
  static List<String> engine(String root, JavaClasses classes) {
    Set<String> violations = new LinkedHashSet<>();
    for (JavaClass origin : classes) {
      if (!module(root, origin).equals(Optional.of("transport"))) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          String name = dependency.getTargetClass().getName();
          if (name.startsWith("io.vertx.") || name.startsWith("io.netty.")) {
            violations.add(
                origin.getName() + " knows " + name + ", which belongs to transport alone");
          }
        }
      }
    }
    return List.copyOf(violations);
  }

  static Optional<String> module(String root, JavaClass type) {
    JavaClass base = type.getBaseComponentType();
    if (!base.getPackageName().startsWith(root + ".")) {
      return Optional.empty();
    }
    String rest = base.getPackageName().substring(root.length() + 1);
    int dot = rest.indexOf('.');
    return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
  }

  private static Set<String> reachable(String from) {
    Set<String> all = new TreeSet<>();
    for (String next : DIRECT.getOrDefault(from, Set.of())) {
      all.add(next);
      all.addAll(reachable(next));
    }
    return all;
  }

  private static boolean reaches(
      Map<String, Set<String>> uses, String from, String to, Set<String> seen) {
    if (from.equals(to)) {
      return true;
    }
    return seen.add(from)
        && uses.getOrDefault(from, Set.of()).stream()
            .anyMatch(next -> reaches(uses, next, to, seen));
  }
}
