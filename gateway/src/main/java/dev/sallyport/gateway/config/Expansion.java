package dev.sallyport.gateway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables and files into values: {@code ${VAR}}, {@code ${VAR:-default}}, {@code
 * ${env:VAR}}, {@code ${file:/path}}; {@code $$} is a dollar. What comes in is text and never
 * structure, because the file has been parsed before.
 */
final class Expansion {
  static final int MOST_OF_A_FILE = 64 * 1024;

  private static final Pattern VARIABLE =
      Pattern.compile("(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
  private static final String FORMS = "${VAR}, ${VAR:-default}, ${env:VAR}, ${file:/path}";

  /** What VS Code knows and we do not, and what to write instead. */
  private static final Map<String, String> OF_EDITORS =
      Map.of(
          "workspaceFolder", "write a path; one that is not absolute starts at this file's folder",
          "workspaceFolderBasename", "write the folder's name",
          "userHome", "write ${HOME}",
          "pathSeparator", "write it out",
          "/", "write it out");

  private final Map<String, String> environment;
  private final Path folder;
  private final boolean looking;

  /**
   * @param looking false when what is not there is no fault, because nothing will be done with it
   */
  Expansion(Map<String, String> environment, Path folder, boolean looking) {
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.looking = looking;
  }

  /** Why a value cannot be made. */
  private static final class Impossible extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean missing;

    Impossible(String message) {
      this(message, false);
    }

    /**
     * @param missing whether something is only not there
     */
    Impossible(String message, boolean missing) {
      super(message);
      this.missing = missing;
    }
  }

  /** Only text that stands in the file is expanded; what else there is comes back as it is. */
  Node apply(Node node, String path, Findings findings) {
    if (!(node instanceof Node.Scalar scalar)
        || scalar.type() != Node.Type.TEXT
        || scalar.text().indexOf('$') < 0) {
      return node;
    }
    try {
      String text = expanded(scalar.text());
      return isExpanded(scalar.text())
          ? new Node.Scalar(scalar.place(), text, Node.Type.ANY, true)
          : new Node.Scalar(scalar.place(), text, Node.Type.TEXT, scalar.hidden());
    } catch (Impossible e) {
      if (looking || !e.missing) {
        findings.fault(scalar.place(), path + ": " + e.getMessage());
      }
      return new Node.Unread(scalar.place());
    }
  }

  /** Whether something is put into it, and not only dollars written. */
  static boolean isExpanded(String text) {
    int at = text.indexOf('$');
    while (at >= 0 && !text.startsWith("${", at)) {
      at = text.indexOf('$', at + (text.startsWith("$$", at) ? 2 : 1));
    }
    return at >= 0;
  }

  private String expanded(String text) throws Impossible {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
      out.append(text, at, dollar);
      if (text.startsWith("$$", dollar)) {
        out.append('$');
        at = dollar + 2;
      } else if (text.startsWith("${", dollar)) {
        int end = text.indexOf('}', dollar);
        if (end < 0) {
          throw new Impossible("${ has no } after it; a dollar itself is $$");
        }
        out.append(value(text.substring(dollar + 2, end)));
        at = end + 1;
      } else {
        out.append('$');
        at = dollar + 1;
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  private String value(String reference) throws Impossible {
    if (reference.startsWith("file:")) {
      return file(reference.substring("file:".length()));
    }
    Optional<String> instead = Optional.ofNullable(OF_EDITORS.get(reference));
    if (instead.isPresent()) {
      throw new Impossible("${" + reference + "} is known to editors only; " + instead.get());
    }
    if (reference.startsWith("input:")) {
      throw new Impossible(
          "${"
              + Shown.line(reference)
              + "} is asked by VS Code; write ${VAR} and set that variable for Sallyport");
    }
    Matcher variable = VARIABLE.matcher(reference);
    if (!variable.matches()) {
      throw new Impossible("${" + Shown.line(reference) + "} is none of " + FORMS);
    }
    Optional<String> otherwise = Optional.ofNullable(variable.group(2));
    return otherwise.isPresent()
        ? variable(variable.group(1), otherwise.get())
        : variable(variable.group(1));
  }

  /** The other value counts for an empty one too, as in a shell. */
  private String variable(String name, String otherwise) throws Impossible {
    if (otherwise.contains("${")) {
      throw new Impossible("the default of ${" + name + "} holds another ${, which it cannot");
    }
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isEmpty())
        .orElse(otherwise);
  }

  private String variable(String name) throws Impossible {
    Optional<String> value = Optional.ofNullable(environment.get(name));
    if (value.isEmpty()) {
      throw new Impossible(
          "there is no variable " + name + " here; set it, or write ${" + name + ":-default}",
          true);
    }
    return value.get();
  }

  private String file(String name) throws Impossible {
    Path file;
    try {
      file = folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new Impossible("${file:…} names no file that could be");
    }
    return switch (FileText.read(file, MOST_OF_A_FILE)) {
      case FileText.Text(String text) -> withoutLineEnd(text);
      case FileText.Unreadable(String why) ->
          throw new Impossible("the file " + Shown.line(name) + " " + why, true);
      case FileText.NotUtf8(int _, int _) ->
          throw new Impossible("the file " + Shown.line(name) + " is not UTF-8");
    };
  }

  /** Editors end a file with one; a secret does not. */
  static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
