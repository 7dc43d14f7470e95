package dev.sallyport.transport.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
  private static final HttpFields EMPTY = new HttpFields(new String[0]);

  /** Each name, and its value behind it. Never changed. */
  private final String[] pairs;

  /** Takes the array over. */
  private HttpFields(String[] pairs) {
    this.pairs = pairs;
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
    String[] more = Arrays.copyOf(pairs, pairs.length + 2);
    put(more, pairs.length, name, value);
    return new HttpFields(more);
  }

  /** All of these and all of the others. */
  public HttpFields with(HttpFields others) {
    if (others.pairs.length == 0) {
      return this;
    }
    String[] more = Arrays.copyOf(pairs, pairs.length + others.pairs.length);
    System.arraycopy(others.pairs, 0, more, pairs.length, others.pairs.length);
    return new HttpFields(more);
  }

  /**
   * @throws IllegalArgumentException as {@link #with(String, String)}
   */
  public static HttpFields of(Collection<Map.Entry<String, String>> entries) {
    String[] pairs = new String[2 * entries.size()];
    int at = 0;
    for (Map.Entry<String, String> entry : entries) {
      put(pairs, at, entry.getKey(), entry.getValue());
      at += 2;
    }
    return new HttpFields(pairs);
  }

  /** How many there are. */
  int size() {
    return pairs.length / 2;
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    int at = find(name, 0);
    return at < 0 ? Optional.empty() : Optional.of(pairs[at + 1]);
  }

  /** The values of every field of that name, in order; none when there is no such field. */
  public List<String> all(String name) {
    int at = find(name, 0);
    if (at < 0) {
      return List.of();
    }
    int next = find(name, at + 2);
    if (next < 0) {
      return List.of(pairs[at + 1]);
    }
    List<String> values = new ArrayList<>();
    for (int each = at; each >= 0; each = find(name, each + 2)) {
      values.add(pairs[each + 1]);
    }
    return List.copyOf(values);
  }

  private int find(String name, int from) {
    for (int at = from; at < pairs.length; at += 2) {
      if (pairs[at].equalsIgnoreCase(name)) {
        return at;
      }
    }
    return -1;
  }

  public void forEach(BiConsumer<String, String> action) {
    for (int at = 0; at < pairs.length; at += 2) {
      action.accept(pairs[at], pairs[at + 1]);
    }
  }

  /** Whether one of these says how an answer is framed, which is for the transport to say. */
  boolean frameAnswer() {
    return first("Content-Length").isPresent()
        || first("Transfer-Encoding").isPresent()
        || first("Connection").isPresent();
  }

  private static void put(String[] pairs, int at, String name, String value) {
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
    pairs[at] = name;
    pairs[at + 1] = trimmed;
  }

  /** RFC 9110, 5.6.2. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (!plain && "!#$%&'*+.^_`|~".indexOf(c) < 0) {
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
    return other instanceof HttpFields that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    forEach((name, value) -> names.add(name));
    return names.toString();
  }
}
