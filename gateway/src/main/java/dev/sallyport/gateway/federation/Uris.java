package dev.sallyport.gateway.federation;

import java.util.Optional;

/**
 * What one server's resources are called on an endpoint of several: {@code PREFIX+URI}, which is a
 * URI again (RFC 3986 3.1) and a template when it was one. {@code ui://} keeps its scheme, because
 * hosts of MCP Apps know their pages by it: {@code ui://PREFIX/…} (mcp-reference 2.7.5). The server
 * is told from the text alone, so that what was never listed finds its way too. Immutable.
 */
final class Uris {
  private static final String PAGE = "ui://";

  /** No scheme begins with a digit, and no prefix has a dot. */
  private static final String BEFORE_DIGITS = "x.";

  private final String head;
  private final String pages;

  Uris(String prefix) {
    this.head = (Character.isDigit(prefix.charAt(0)) ? BEFORE_DIGITS : "") + prefix + "+";
    this.pages = PAGE + prefix + "/";
  }

  /** The prefix of a URI or template on the endpoint; empty when it has none. */
  static Optional<String> prefix(String exposed) {
    if (exposed.startsWith(PAGE)) {
      return before('/', exposed, PAGE.length());
    }
    int from = exposed.startsWith(BEFORE_DIGITS) ? BEFORE_DIGITS.length() : 0;
    // One spelling alone: the dot stands before digits, and digits behind it.
    return before('+', exposed, from)
        .filter(prefix -> !prefix.isEmpty())
        .filter(prefix -> Character.isDigit(prefix.charAt(0)) == (from > 0));
  }

  private static Optional<String> before(char end, String text, int from) {
    int at = text.indexOf(end, from);
    return at < 0 ? Optional.empty() : Optional.of(text.substring(from, at));
  }

  String exposed(String original) {
    return original.startsWith(PAGE) ? pages + original.substring(PAGE.length()) : head + original;
  }

  /** The server's own URI for one of ours. */
  String original(String exposed) {
    return exposed.startsWith(PAGE)
        ? PAGE + exposed.substring(pages.length())
        : exposed.substring(head.length());
  }
}
