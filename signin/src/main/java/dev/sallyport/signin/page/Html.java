package dev.sallyport.signin.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A piece of HTML. Text and the values of attributes are escaped here and nowhere else; names come
 * from this program alone, and one that is none is refused. Immutable.
 */
sealed interface Html {
  Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

  /** What has no content, and so no end. */
  List<String> VOID = List.of("input", "meta");

  record Attribute(String name, String value) {
    public Attribute {
      // What would be code, or could name a place that is some, is not for this.
      if (!NAME.matcher(name).matches() || name.startsWith("on")) {
        throw new IllegalArgumentException("no attribute is named like that");
      }
    }
  }

  record Text(String text) implements Html {}

  /** The style sheet, which is ours alone and has no markup in it. */
  record Style(String css) implements Html {
    public Style {
      if (css.indexOf('<') >= 0) {
        throw new IllegalArgumentException("a style sheet has no markup");
      }
    }
  }

  record Element(String name, List<Attribute> attributes, List<Html> children) implements Html {
    public Element {
      if (!NAME.matcher(name).matches() || name.equals("script")) {
        throw new IllegalArgumentException("no element is named like that");
      }
      attributes = List.copyOf(attributes);
      children = List.copyOf(children);
    }

    Element with(String attribute, String value) {
      List<Attribute> more = new ArrayList<>(attributes);
      more.add(new Attribute(attribute, value));
      return new Element(name, more, children);
    }
  }

  static Element element(String name, Html... children) {
    return new Element(name, List.of(), List.of(children));
  }

  static Element element(String name, List<Html> children) {
    return new Element(name, List.of(), children);
  }

  static Text text(String text) {
    return new Text(text);
  }

  default String written() {
    StringBuilder out = new StringBuilder(1_024);
    write(this, out);
    return out.toString();
  }

  private static void write(Html html, StringBuilder out) {
    switch (html) {
      case Text(String text) -> escape(text, out);
      case Style(String css) -> out.append("<style>").append(css).append("</style>");
      case Element(String name, List<Attribute> attributes, List<Html> children) -> {
        out.append('<').append(name);
        for (Attribute each : attributes) {
          out.append(' ').append(each.name()).append("=\"");
          escape(each.value(), out);
          out.append('"');
        }
        out.append('>');
        if (!VOID.contains(name)) {
          children.forEach(child -> write(child, out));
          out.append("</").append(name).append('>');
        }
      }
    }
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
