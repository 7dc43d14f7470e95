package dev.sallyport.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CONTRIBUTING.md tells how long each suite may take, and must not lag behind what the suites say
 * of themselves.
 */
final class Suites {
  private static final Pattern BUDGET = Pattern.compile("\\A[^\\n]*\\n# budget: +(\\d+) +\\S");

  private Suites() {}

  static List<String> missing(List<Source> suites, String contributing) {
    List<String> violations = new ArrayList<>();
    for (Source suite : suites) {
      Matcher budget = BUDGET.matcher(suite.text());
      if (!budget.find()) {
        violations.add(
            suite.path() + " has no '# budget: MINUTES  what it proves' as its second line");
        continue;
      }
      String row = "| " + suite.file() + " | " + budget.group(1) + " min |";
      if (!contributing.contains(row)) {
        violations.add("CONTRIBUTING.md has no row that starts with: " + row);
      }
    }
    return violations;
  }
}
