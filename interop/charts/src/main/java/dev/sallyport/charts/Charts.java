package dev.sallyport.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;

/**
 * {@code Charts lint CHART} prints what Helm says and ends with 1 when it has failed; {@code Charts
 * template CHART VALUES [KEY=VALUE]...} prints what the chart comes to.
 */
final class Charts {
  private Charts() {}

  public static void main(String[] words) {
    Helm helm = new Helm(Path.of(words[1]));
    if (words[0].equals("lint")) {
      LintResult result = helm.lint().strict().call();
      result.getMessages().forEach(System.out::println);
      System.exit(result.isFailed() ? 1 : 0);
    }
    TemplateCommand template =
        helm.template()
            .withName("team")
            .withNamespace("mcp")
            .withKubeVersion("v1.31.0")
            .withValuesFile(Path.of(words[2]));
    for (int i = 3; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      template = template.set(pair[0], pair[1]);
    }
    try {
      System.out.println(template.call());
    } catch (RuntimeException refused) {
      System.err.println(refused.getMessage());
      System.exit(1);
    }
  }
}
