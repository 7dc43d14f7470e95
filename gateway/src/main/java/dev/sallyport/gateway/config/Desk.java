package dev.sallyport.gateway.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What every reader of values has at hand.
 *
 * @param findings where to say what is wrong
 */
record Desk(Findings findings, Expansion expansion) {
  /** A URL with a user, who may have a password. */
  private static final Pattern LOGIN = Pattern.compile("//[^/]*@");

  /** Empty when it is not right, which has then been told. */
  <T> Optional<T> value(Node written, String path, Kind<T> kind, boolean secret) {
    Node node = expansion.apply(written, path, findings);
    return switch (node) {
      case Node.Unread told -> Optional.empty();
      case Node.Mapping group -> wrong(group, path, kind.not("a group of keys"));
      case Node.Sequence list -> wrong(list, path, kind.not("a list"));
      case Node.Scalar scalar -> value(scalar, path, kind, secret || scalar.hidden());
    };
  }

  private <T> Optional<T> value(Node.Scalar scalar, String path, Kind<T> kind, boolean secret) {
    String shown = shown(scalar, secret);
    if (!kind.takes(scalar.type(), scalar.text())) {
      return wrong(scalar, path, mistyped(scalar, kind, shown));
    }
    Optional<T> value = kind.parse(scalar.text());
    // The nearest right word would tell what a secret looks like.
    String near = secret ? "" : kind.near(scalar.text());
    return value.isPresent() ? value : wrong(scalar, path, kind.not(shown) + near);
  }

  /** The right value of a wrong type needs quotes, or has too many. */
  private static String mistyped(Node.Scalar scalar, Kind<?> kind, String shown) {
    if (scalar.type() == Node.Type.NOTHING || kind.parse(scalar.text()).isEmpty()) {
      return kind.not(shown);
    }
    return shown
        + " is "
        + scalar.type().told()
        + " as it stands; write it "
        + (kind.bare(scalar.text()) ? "without" : "in")
        + " quotes";
  }

  /** What came out of a variable or a file, or is a secret by its place, is not repeated. */
  private static String shown(Node.Scalar scalar, boolean secret) {
    if (scalar.type() == Node.Type.NOTHING) {
      return "nothing";
    }
    String text = scalar.text();
    if (secret || LOGIN.matcher(text).find() || !Secrets.maskedUrls(text).equals(text)) {
      return "its value";
    }
    boolean quoted = scalar.type() == Node.Type.TEXT || text.isEmpty();
    return quoted ? Shown.quoted(text) : Shown.line(text);
  }

  private <T> Optional<T> wrong(Node node, String path, String what) {
    findings.fault(node.place(), path + ": " + what);
    return Optional.empty();
  }
}
