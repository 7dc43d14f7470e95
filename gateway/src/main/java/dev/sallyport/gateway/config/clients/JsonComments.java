package dev.sallyport.gateway.config.clients;

/**
 * JSON as editors write it, made what a reader of YAML takes as it is: comments become blanks, and
 * so do tabs, which YAML does not want in front of a line. Everything else stays in its line and
 * column. Commas at the end of a list or group are right in YAML.
 */
final class JsonComments {
  private final String text;
  private final StringBuilder out;
  private int at;

  private JsonComments(String text) {
    this.text = text;
    out = new StringBuilder(text.length());
  }

  static String blanked(String text) {
    return new JsonComments(text).blanked();
  }

  private String blanked() {
    while (at < text.length()) {
      if (text.charAt(at) == '"') {
        string();
      } else if (text.startsWith("//", at)) {
        blank(end("\n", 0));
      } else if (text.startsWith("/*", at)) {
        blank(end("*/", 2));
      } else {
        char c = text.charAt(at++);
        out.append(c == '\t' ? ' ' : c);
      }
    }
    return out.toString();
  }

  private int end(String mark, int length) {
    int found = text.indexOf(mark, at + 2);
    return found < 0 ? text.length() : found + length;
  }

  private void blank(int end) {
    while (at < end) {
      char c = text.charAt(at++);
      if (c == '\n' || c == '\r') {
        out.append(c);
      } else if (!Character.isLowSurrogate(c)) { // columns count characters
        out.append(' ');
      }
    }
  }

  private void string() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    end = Math.min(end + 1, text.length());
    out.append(text, at, end);
    at = end;
  }
}
