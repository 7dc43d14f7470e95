package dev.sallyport.signin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in a query or in a form, read strictly: a bad escape, a control character, or too
 * much of anything makes it none. A name that is given twice is known as such, and has no value
 * (RFC 6749 section 3.1). Immutable.
 */
final class Form {
  private static final int MOST_PAIRS = 40;
  private static final int MOST_CHARACTERS = 16 * 1024;

  private final Map<String, String> values;
  private final Set<String> repeated;

  private Form(Map<String, String> values, Set<String> repeated) {
    this.values = Map.copyOf(values);
    this.repeated = Set.copyOf(repeated);
  }

  static Optional<Form> read(byte[] body) {
    return body.length > MOST_CHARACTERS
        ? Optional.empty()
        : read(new String(body, StandardCharsets.ISO_8859_1));
  }

  /** Empty when it is none. */
  static Optional<Form> read(String text) {
    List<String> pairs = List.of(text.split("&", -1));
    if (text.length() > MOST_CHARACTERS || pairs.size() > MOST_PAIRS) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> repeated = new HashSet<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      Optional<String> name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      Optional<String> value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
      if (name.isEmpty() || value.isEmpty()) {
        return Optional.empty();
      }
      // What has no value counts as left out.
      if (!value.get().isEmpty() && values.put(name.get(), value.get()) != null) {
        repeated.add(name.get());
      }
    }
    repeated.forEach(values::remove);
    return Optional.of(new Form(values, repeated));
  }

  private static Optional<String> decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+') {
        bytes.write(' ');
      } else if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (low < 0) {
          return Optional.empty();
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c < 0x80) {
        bytes.write(c);
      } else {
        return Optional.empty();
      }
    }
    return text(bytes.toByteArray());
  }

  private static Optional<String> text(byte[] utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return text.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }

  /** Empty when there is none, or more than one. */
  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean has(String name) {
    return values.containsKey(name) || repeated.contains(name);
  }

  /** Whether one of these is given more than once. */
  boolean repeats(List<String> names) {
    return names.stream().anyMatch(repeated::contains);
  }

  /** Without the values, which can be secrets. */
  @Override
  public String toString() {
    return "Form" + values.keySet();
  }
}
