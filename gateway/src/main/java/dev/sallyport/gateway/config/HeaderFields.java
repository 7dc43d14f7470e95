package dev.sallyport.gateway.config;

import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.transport.http.HttpFields;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads headers that are sent with each request somewhere. Their values may be secrets. */
public final class HeaderFields {
  /** Of a header's value; what it may hold is known to {@link HttpFields}. */
  private static final Kind<String> FIELD =
      new Kind<>(
          Set.of(Node.Type.TEXT, Node.Type.WHOLE, Node.Type.DECIMAL, Node.Type.BOOLEAN),
          "text that a header can hold: one line, and no letters beyond Latin-1",
          "",
          text -> Optional.of(text).filter(HeaderFields::isValue));

  private HeaderFields() {}

  /**
   * @param ours whether a name, in small letters, is for us to say
   */
  static HttpFields read(Group headers, Predicate<String> ours) {
    HttpFields fields = HttpFields.empty();
    Set<String> seen = new HashSet<>();
    for (Located<String> name : headers.names()) {
      String folded = name.value().toLowerCase(Locale.ROOT);
      if (!isName(name.value())) {
        headers.fault(name.value(), "is not a header's name");
      } else if (ours.test(folded)) {
        headers.fault(name.value(), "is said by Sallyport itself");
      } else if (!seen.add(folded)) {
        headers.fault(name.value(), "is here a second time, with other capitals");
      }
      Optional<String> value = headers.findSecret(name.value(), FIELD);
      fields = value.flatMap(some -> one(name.value(), some)).map(fields::with).orElse(fields);
    }
    return fields;
  }

  /** Whether a header can have it. */
  public static boolean isName(String text) {
    return one(text, "").isPresent();
  }

  /** Whether a header can say it. */
  public static boolean isValue(String text) {
    return one("x", text).isPresent();
  }

  /** Empty when it is none. */
  static Optional<HttpFields> one(String name, String value) {
    try {
      return Optional.of(HttpFields.empty().with(name, value));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
