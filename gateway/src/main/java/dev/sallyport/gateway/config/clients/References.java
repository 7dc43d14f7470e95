package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Shown;
import dev.sallyport.gateway.config.YamlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in our words where a client takes a value from: {@code ${input:token}} becomes {@code
 * ${TOKEN}}, and a dollar that means nothing to the client means nothing here.
 */
final class References {
  private static final Pattern VARIABLE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(:-.*)?", Pattern.DOTALL);
  private static final Pattern FILLED_IN =
      Pattern.compile("\\$++\\{(?![A-Za-z_][A-Za-z0-9_]*+:-[^}])[^}]*+}");
  private static final Pattern OF_KIND =
      Pattern.compile("\\$\\{(env|file|input|command|config):.*", Pattern.DOTALL);
  private static final Pattern BARE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");

  private final Client.Expands style;
  private final Path folder;
  private final Map<String, String> inputs;

  /**
   * @param inputs defaults by the ids of what VS Code asks for; empty when there is none
   */
  References(Client.Expands style, Path folder, Map<String, String> inputs) {
    this.style = style;
    this.folder = folder;
    this.inputs = new LinkedHashMap<>(inputs);
  }

  /**
   * A value in our words.
   *
   * @param text as a file has it
   * @param remarks what to say of it, to be put behind the name of its key; without values
   */
  record Written(String text, List<String> remarks) {
    Written {
      remarks = List.copyOf(remarks);
    }

    /** Whether all of it stands in the file. */
    boolean isLiteral() {
      return !text.replace("$$", "").contains("${");
    }

    /** What would be in the file of it: without what is filled in later, but with defaults. */
    String inClear() {
      return FILLED_IN.matcher(text).replaceAll("").replace("$$", "$");
    }

    /** Without the text. */
    @Override
    public String toString() {
      return "Written" + remarks;
    }
  }

  /**
   * @param own names of the variables that the server itself gets: what a program like mcp-remote
   *     puts in by itself
   */
  Written written(String text, List<String> own) {
    StringBuilder out = new StringBuilder();
    List<String> remarks = new ArrayList<>();
    int at = 0;
    for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
      out.append(text, at, dollar);
      int end = reference(text, dollar);
      String whole = text.substring(dollar, end);
      Optional<String> ours =
          whole.length() == 1 ? Optional.empty() : ours(inside(whole), own, remarks);
      if (whole.length() > 1 && ours.isEmpty()) {
        remarks.add("holds " + kind(whole) + ", which nobody fills in; it stays as it is");
      }
      out.append(ours.orElseGet(() -> YamlGroup.literal(whole)));
      at = end;
    }
    return new Written(out.append(text, at, text.length()).toString(), remarks);
  }

  /** Where what begins there ends; right behind the dollar when it means nothing to the client. */
  private int reference(String text, int dollar) {
    if (style == Client.Expands.NOTHING) {
      return dollar + 1;
    }
    int close = text.indexOf('}', dollar);
    if (text.startsWith("${", dollar) && close > 0) {
      return close + 1;
    }
    Matcher bare = BARE.matcher(text).region(dollar, text.length());
    return style == Client.Expands.DOLLARS && bare.lookingAt() ? bare.end() : dollar + 1;
  }

  /** What it is like. What is in it may be no name at all. */
  private static String kind(String whole) {
    Matcher kind = OF_KIND.matcher(whole);
    return kind.matches() ? "${" + kind.group(1) + ":…}" : whole.startsWith("${") ? "${…}" : "$…";
  }

  private static String inside(String whole) {
    return whole.startsWith("${") ? whole.substring(2, whole.length() - 1) : whole.substring(1);
  }

  private Optional<String> ours(String reference, List<String> own, List<String> remarks) {
    if (style == Client.Expands.EDITORS) {
      return ofEditors(reference, remarks);
    }
    Matcher variable = VARIABLE.matcher(reference);
    if (!variable.matches() || own.contains(variable.group(1)) || reference.contains("${")) {
      return Optional.empty();
    }
    return Optional.of("${" + reference + "}");
  }

  private Optional<String> ofEditors(String reference, List<String> remarks) {
    Optional<String> named =
        switch (reference) {
          case "workspaceFolder" -> told(YamlGroup.literal(folder.toString()), reference, remarks);
          case "workspaceFolderBasename" ->
              told(YamlGroup.literal(name(folder)), reference, remarks);
          case "userHome" -> Optional.of("${HOME}");
          case "pathSeparator", "/" -> Optional.of("/");
          default -> Optional.empty();
        };
    if (named.isPresent()) {
      return named;
    }
    int colon = reference.indexOf(':');
    String after = reference.substring(colon + 1);
    return switch (reference.substring(0, Math.max(colon, 0))) {
      case "env" ->
          VARIABLE.matcher(after).matches() ? Optional.of("${" + after + "}") : Optional.empty();
      case "file" -> after.contains("$") ? Optional.empty() : Optional.of("${file:" + after + "}");
      case "input" -> Optional.of(input(after, remarks));
      default -> Optional.empty();
    };
  }

  private static Optional<String> told(String text, String reference, List<String> remarks) {
    remarks.add("had ${" + reference + "}, which is written out");
    return Optional.of(text);
  }

  private static String name(Path folder) {
    return Optional.ofNullable(folder.getFileName()).orElse(folder).toString();
  }

  private String input(String id, List<String> remarks) {
    String name = variable(id);
    String otherwise = Optional.ofNullable(inputs.get(id)).orElse("");
    boolean fits = !otherwise.isEmpty() && !otherwise.contains("}") && !otherwise.contains("$");
    String asked = inputs.containsKey(id) ? Shown.name(id) : "what its inputs do not name";
    remarks.add(
        "asked its user for "
            + asked
            + "; set the variable "
            + (inputs.containsKey(id) ? Shown.name(name) : "that stands in its place")
            + (fits ? ", or it is as the client suggests" : ""));
    return "${" + name + (fits ? ":-" + otherwise : "") + "}";
  }

  /**
   * A variable's name made of what an input is called. Those that begin like ours mean settings.
   */
  private static String variable(String id) {
    String name = id.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    boolean unfit = !name.matches("[A-Z_].*") || name.startsWith("SALLYPORT_");
    return unfit ? "INPUT_" + name : name;
  }
}
