package dev.sallyport.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Threads, time, bounds and errors: calls and types that main sources keep away from, each with
 * what to do instead.
 */
final class Habits {
  private static final Map<String, String> TYPES =
      Map.of(
          "java.lang.ThreadLocal", "pass the value as an argument",
          "java.lang.InheritableThreadLocal", "pass the value as an argument",
          "java.util.concurrent.CompletableFuture", "block on a virtual thread",
          "java.util.concurrent.CompletionStage", "block on a virtual thread",
          "java.util.concurrent.ThreadLocalRandom", "inject a SecureRandom",
          "java.net.http.HttpClient", "use the outbound client of transport",
          "java.net.HttpURLConnection", "use the outbound client of transport");

  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry("java.lang.Thread.sleep", "wait on a condition with a deadline"),
          Map.entry("java.util.concurrent.TimeUnit.sleep", "wait on a condition with a deadline"),
          Map.entry("java.lang.System.currentTimeMillis", "inject a Clock"),
          Map.entry("java.lang.Math.random", "inject a SecureRandom"),
          Map.entry("java.util.UUID.randomUUID", "inject a SecureRandom"),
          Map.entry("java.util.concurrent.Executors.newCachedThreadPool", "give it a bound"),
          Map.entry("java.lang.Throwable.printStackTrace", "log it, or say it in one line"));

  /**
   * Calls that are wrong only without arguments: the clock of the machine, and queues without a
   * bound.
   */
  private static final Map<String, String> BARE_CALLS =
      Map.of(
          "java.time.Instant.now", "inject a Clock",
          "java.time.LocalDate.now", "inject a Clock",
          "java.time.LocalDateTime.now", "inject a Clock",
          "java.time.ZonedDateTime.now", "inject a Clock",
          "java.util.concurrent.LinkedBlockingDeque.<init>", "give it a bound",
          "java.util.concurrent.LinkedBlockingQueue.<init>", "give it a bound");

  private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\b");
  private static final Pattern BARE_EXCEPTION =
      Pattern.compile("\\bnew\\s+(RuntimeException|Exception|Error|Throwable)\\s*\\(");

  private Habits() {}

  static List<String> types(JavaClasses classes) {
    Set<String> violations = new LinkedHashSet<>();
    for (JavaClass origin : classes) {
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getName();
        if (TYPES.containsKey(target) && !isTrialClient(origin)) {
          violations.add(origin.getName() + " uses " + target + "; " + TYPES.get(target));
        }
      }
    }
    return List.copyOf(violations);
  }

  /** The client of {@code try} and the demo's check, until the upstream module reaches HTTP. */
  private static boolean isTrialClient(JavaClass origin) {
    return origin.getPackageName().startsWith("dev.sallyport.cli.client");
  }

  static List<String> calls(JavaClasses classes) {
    List<String> violations = new ArrayList<>();
    for (JavaClass origin : classes) {
      for (JavaAccess<?> access : origin.getAccessesFromSelf()) {
        String target = access.getTargetOwner().getName() + "." + access.getName();
        boolean bare =
            BARE_CALLS.containsKey(target) && access.getTarget().getFullName().endsWith("()");
        if (bare || CALLS.containsKey(target) || access.getName().equals("printStackTrace")) {
          String instead =
              bare
                  ? BARE_CALLS.get(target)
                  : CALLS.getOrDefault(target, "log it, or say it in one line");
          violations.add(access.getDescription() + "; " + instead);
        }
      }
    }
    return violations;
  }

  static List<String> words(List<Source> sources) {
    List<String> violations = new ArrayList<>();
    for (Source source : sources) {
      String code = source.code();
      violations.addAll(
          source.matches(
              SYNCHRONIZED, code, word -> "says synchronized; a ReentrantLock, round memory only"));
      violations.addAll(
          source.matches(
              BARE_EXCEPTION, code, word -> word + ": throw a type that says what happened"));
    }
    return violations;
  }

  /** In tests: what would make one slow, flaky or silent. */
  static List<String> tests(List<Source> sources) {
    Pattern pattern =
        Pattern.compile(
            "\\bThread\\.sleep\\b|\\bassum(?:e[A-Z]|ing)\\w*\\s*\\(|@Disabled\\w*|\\bMockito\\b");
    List<String> violations = new ArrayList<>();
    for (Source source : sources) {
      violations.addAll(
          source.matches(pattern, source.code(), word -> "has " + word + " in a test"));
    }
    return violations;
  }
}
