package dev.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Only packages named legacy or modern, and the two classifiers, branch on an era, a version's or a
 * method's; only one type spells the versions.
 */
final class Eras {
  private static final String VERSIONS = "dev.sallyport.protocol.ProtocolVersion";
  private static final String METHODS = "dev.sallyport.protocol.Method";
  private static final Map<String, Set<String>> QUESTIONS =
      Map.of(VERSIONS, Set.of("era", "isLegacy", "isModern"), METHODS, Set.of("eras"));
  private static final Set<String> ANSWERS = Set.of(VERSIONS + "$Era", METHODS + "$Eras");
  private static final Pattern ANY_DATE = Pattern.compile("\\b20\\d\\d-\\d\\d-\\d\\d\\b");
  // The examples have days of their own in their data; of those only the published versions would
  // be a mistake.
  private static final Pattern PUBLISHED =
      Pattern.compile("\\b(2024-11-05|2025-03-26|2025-06-18|2025-11-25|2026-07-28)\\b");

  private Eras() {}

  static List<String> branches(String root, JavaClasses classes) {
    List<String> violations = new ArrayList<>();
    for (JavaClass origin : classes) {
      if (!mayBranch(root, origin)) {
        for (JavaMethodCall call : origin.getMethodCallsFromSelf()) {
          String owner = call.getTargetOwner().getName();
          boolean asks = QUESTIONS.getOrDefault(owner, Set.of()).contains(call.getName());
          // What a switch over the enum compiles to.
          boolean switches = ANSWERS.contains(owner) && call.getName().equals("ordinal");
          if (asks || switches) {
            violations.add(
                "outside legacy and modern packages nothing branches on an era: "
                    + call.getDescription());
          }
        }
      }
    }
    return violations;
  }

  static List<String> literals(List<Source> sources) {
    List<String> violations = new ArrayList<>();
    for (Source source : sources) {
      boolean allowed =
          Arrays.stream(source.folder().split("/")).anyMatch(Eras::named)
              || source.file().equals("ProtocolVersion.java");
      if (!allowed) {
        Pattern pattern = source.module().startsWith("examples/") ? PUBLISHED : ANY_DATE;
        violations.addAll(
            source.matches(
                pattern,
                source.withoutComments(),
                date -> "spells the version " + date + "; ProtocolVersion has it"));
      }
    }
    return violations;
  }

  private static boolean mayBranch(String root, JavaClass type) {
    String top = type.getName().replaceFirst("\\$.*", "");
    boolean classifier =
        Arrows.module(root, type).equals(Optional.of("downstream")) && top.endsWith(".Classifier");
    return classifier
        || top.equals(VERSIONS)
        || Arrays.stream(type.getPackageName().split("\\.")).anyMatch(Eras::named);
  }

  private static boolean named(String segment) {
    return segment.equals("legacy") || segment.equals("modern");
  }
}
