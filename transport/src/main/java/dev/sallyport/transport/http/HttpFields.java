package dev.sallyport.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The fields of an HTTP head, in the order they came. Names compare without regard to case; values
 * have no white space around them (HD-05). Every instance is safe to write to a peer: names are
 * tokens, and no value holds a line break or another control character. Immutable.
 *
 * <p>{@link #toString()} shows names only, because values can be credentials.
 */
public final class HttpFields {
  private static final HttpFields EMPTY = new HttpFields(List.of());

  private record Field(String name, String value) {}

  private final List<Field> fields;

  private HttpFields(List<Field> fields) {
    this.fields = fields;
  }

  public static HttpFields empty() {
    return EMPTY;
  }

  /**
   * These fields and one more; a field of the same name stays.
   *
   * @throws IllegalArgumentException when the name is no token or the value holds a control
   *     character
   */
  public HttpFields with(String name, String value) {
    List<Field> more = new ArrayList<>(fields.size() + 1);
    more.addAll(fields);
    more.add(field(name, value));
    return new HttpFields(List.copyOf(more));
  }

  /** All of these and all of the others. */
  public HttpFields with(HttpFields others) {
    if (others.fields.isEmpty()) {
      return this;
    }
    List<Field> more = new ArrayList<>(fields.size() + others.fields.size());
    more.addAll(fields);
    more.addAll(others.fields);
    return new HttpFields(List.copyOf(more));
  }

  /**
   * @throws IllegalArgumentException as {@link #with(String, String)}
   */
  public static HttpFields of(List<Map.Entry<String, String>> entries) {
    List<Field> fields = new ArrayList<>(entries.size());
    for (Map.Entry<String, String> entry : entries) {
      fields.add(field(entry.getKey(), entry.getValue()));
    }
    return new HttpFields(List.copyOf(fields));
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** The values of every field of that name, in order; none when there is no such field. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        values.add(field.value);
      }
    }
    return List.copyOf(values);
  }

  public void forEach(BiConsumer<String, String> action) {
    fields.forEach(field -> action.accept(field.name, field.value));
  }

  /** Whether one of these says how an answer is framed, which is for the transport to say. */
  boolean frameAnswer() {
    return first("Content-Length").isPresent()
        || first("Transfer-Encoding").isPresent()
        || first("Connection").isPresent();
  }

  private static Field field(String name, String value) {
    if (!isToken(name)) {
      throw new IllegalArgumentException("a field name is a token");
    }
    String trimmed = trim(value);
    for (int i = 0; i < trimmed.length(); i++) {
      char c = trimmed.charAt(i);
      if (c != '\t' && (c < ' ' || c == 0x7f || c > 0xff)) {
        throw new IllegalArgumentException("the value of " + name + " holds a control character");
      }
    }
    return new Field(name, trimmed);
  }

  /** RFC 9110, 5.6.2. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static String trim(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HttpFields that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.stream().map(Field::name).toList().toString();
  }
}
