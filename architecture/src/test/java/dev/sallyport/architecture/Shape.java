package dev.sallyport.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a newcomer sees first: names, the page that introduces a package, what is open to others,
 * and size.
 */
final class Shape {
  static final int MOST_LINES = 400;
  private static final int LEAST_PROSE = 4;

  private static final Set<String> EMPTY_NAMES =
      Set.of(
          "util",
          "utils",
          "common",
          "impl",
          "manager",
          "managers",
          "helper",
          "helpers",
          "service",
          "services");
  private static final Pattern EMPTY_ENDING =
      Pattern.compile("\\w(Impl|Utils?|Helper|Manager|Service)\\.java");
  private static final Pattern PROSE = Pattern.compile("(?m)^ \\* \\S.*$");

  private Shape() {}

  static List<String> names(List<Source> sources) {
    Set<String> violations = new TreeSet<>();
    for (Source source : sources) {
      Arrays.stream(source.folder().split("/"))
          .filter(EMPTY_NAMES::contains)
          .forEach(
              segment ->
                  violations.add(
                      source.folder() + ": a package named " + segment + " says nothing"));
      if (EMPTY_ENDING.matcher(source.file()).find()) {
        violations.add(source.path() + ": a type is named for what it is, without such an ending");
      }
    }
    return List.copyOf(violations);
  }

  static List<String> introductions(List<Source> sources) {
    SortedMap<String, String> packages = new TreeMap<>();
    for (Source source : sources) {
      packages.merge(
          source.folder(),
          source.file().equals("package-info.java") ? source.text() : "",
          String::concat);
    }
    List<String> violations = new ArrayList<>();
    for (Map.Entry<String, String> each : packages.entrySet()) {
      if (!each.getValue().contains("@NullMarked")) {
        violations.add(each.getKey() + " has no package-info.java with @NullMarked");
      } else if (PROSE.matcher(each.getValue()).results().count() < LEAST_PROSE) {
        violations.add(
            each.getKey()
                + "/package-info.java says too little: what comes in, what goes out, who calls it");
      }
    }
    return violations;
  }

  static List<String> openTypes(JavaClasses classes) {
    List<String> violations = new ArrayList<>();
    for (JavaClass type : classes) {
      boolean open =
          type.getModifiers().contains(JavaModifier.PUBLIC)
              && type.isTopLevelClass()
              && !type.getModifiers().contains(JavaModifier.FINAL)
              && !type.isInterface()
              && !type.isEnum()
              && !type.reflect().isSealed();
      if (open) {
        violations.add(
            type.getName()
                + " is public and can be extended; make it final, sealed, a record or hidden");
      }
    }
    return violations;
  }

  /** A longer file is possible, when a decision record names it and says why. */
  static List<String> sizes(List<Source> sources, String decisions) {
    return sources.stream()
        .filter(
            source ->
                source.text().lines().count() > MOST_LINES && !decisions.contains(source.file()))
        .map(
            source ->
                source.path()
                    + " has "
                    + source.text().lines().count()
                    + " lines, and no decision record names it")
        .toList();
  }
}
