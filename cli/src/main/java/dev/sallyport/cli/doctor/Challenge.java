package dev.sallyport.cli.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One challenge of {@code WWW-Authenticate} (RFC 9110 section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int MOST_CHARACTERS = 16_384;
  private static final int MOST_PARTS = 100;

  /** All of them; of a field that makes no sense, what came before that. */
  static List<Challenge> read(List<String> fields) {
    Reader reader = new Reader(String.join(", ", fields));
    return reader.text.length() > MOST_CHARACTERS ? List.of() : reader.all();
  }

  static Optional<Challenge> bearer(List<Challenge> all) {
    return all.stream().filter(each -> each.scheme().equals("bearer")).findFirst();
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  Set<String> scopes() {
    return words(get("scope").orElse(""));
  }

  static Set<String> words(String text) {
    return text.isBlank() ? Set.of() : new TreeSet<>(List.of(text.strip().split(" +", -1)));
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    private List<Challenge> all() {
      List<Challenge> all = new ArrayList<>();
      for (int parts = 0; parts < MOST_PARTS; parts++) {
        skip(" \t,");
        String word = word();
        if (word.isEmpty()) {
          break;
        }
        skip(" \t");
        if (!all.isEmpty() && peek('=')) {
          all.getLast().parameters().putIfAbsent(word.toLowerCase(Locale.ROOT), value());
        } else if (!peek('=')) {
          all.add(new Challenge(word.toLowerCase(Locale.ROOT), new LinkedHashMap<>()));
        } else {
          break;
        }
      }
      return all;
    }

    private String value() {
      at++;
      skip(" \t=");
      if (!peek('"')) {
        return word();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at = Math.min(at + 1, text.length()); // the quote, if there is one
      return value.toString();
    }

    private boolean peek(char wanted) {
      return at < text.length() && text.charAt(at) == wanted;
    }

    private void skip(String any) {
      while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String word() {
      int begin = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(begin, at);
    }
  }
}
