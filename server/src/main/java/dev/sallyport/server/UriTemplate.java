package dev.sallyport.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URI template of RFC 6570 level 1: text with {@code {names}} in it, each standing for one or
 * more characters without {@code / ? #}. Matching goes once from left to right; there is nothing to
 * go back for, because a name is always followed by text or by the end. Immutable.
 */
final class UriTemplate {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");

  private final String text;

  /** The text before each name, and the text after the last. */
  private final List<String> literals = new ArrayList<>();

  private final List<String> names = new ArrayList<>();

  UriTemplate(String text) {
    this.text = text;
    int at = 0;
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
      int close = text.indexOf('}', open);
      String name = close < 0 ? "" : text.substring(open + 1, close);
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("expected {name} in " + text + " (RFC 6570, level 1)");
      }
      if (open == at && !names.isEmpty()) {
        throw new IllegalArgumentException("text is needed between the names of " + text);
      }
      literals.add(text.substring(at, open));
      names.add(name);
      at = close + 1;
    }
    literals.add(text.substring(at));
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException(text + " needs names, each of them once");
    }
  }

  String text() {
    return text;
  }

  List<String> names() {
    return List.copyOf(names);
  }

  /** The values of the names, decoded; empty when a URI is not one of these. */
  Optional<Arguments> match(String uri) {
    if (!uri.startsWith(literals.getFirst())) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    int at = literals.getFirst().length();
    for (int i = 0; i < names.size(); i++) {
      String next = literals.get(i + 1);
      boolean last = i == names.size() - 1;
      int end = last ? uri.length() - next.length() : uri.indexOf(next, at + 1);
      if (end <= at || (last && !uri.endsWith(next))) {
        return Optional.empty();
      }
      Optional<String> value = decoded(uri.substring(at, end));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(names.get(i), value.get());
      at = end + next.length();
    }
    return Optional.of(new Arguments(values));
  }

  /** Percent-decoded UTF-8; empty when it is malformed or holds what a value may not (FE-12). */
  private static Optional<String> decoded(String raw) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return Optional.empty();
      }
      if (c != '%') {
        int end = Character.isHighSurrogate(c) ? Math.min(i + 2, raw.length()) : i + 1;
        bytes.put(raw.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      } else if (i + 2 < raw.length() && isHex(raw.charAt(i + 1)) && isHex(raw.charAt(i + 2))) {
        bytes.put((byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      String value = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      return value.chars().anyMatch(Character::isISOControl)
          ? Optional.empty()
          : Optional.of(value);
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  private static boolean isHex(char c) {
    return Character.digit(c, 16) >= 0 && c < 128;
  }
}
