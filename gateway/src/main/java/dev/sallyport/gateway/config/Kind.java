package dev.sallyport.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A kind of value: what is right, and how to say it.
 *
 * @param types as what it may stand in the file; from the environment everything comes as text
 * @param told what a right one is, to be put behind "is not"
 * @param example a right one; may be empty
 * @param parser empty for what is not right
 * @param words all the right ones, when there are few
 */
record Kind<T>(
    Set<Node.Type> types,
    String told,
    String example,
    Function<String, Optional<T>> parser,
    List<String> words) {
  Kind {
    types = Set.copyOf(types);
    words = List.copyOf(words);
  }

  Kind(Set<Node.Type> types, String told, String example, Function<String, Optional<T>> parser) {
    this(types, told, example, parser, List.of());
  }

  static <T> Kind<T> text(String told, String example, Function<String, Optional<T>> parser) {
    return new Kind<>(Set.of(Node.Type.TEXT), told, example, parser);
  }

  boolean takes(Node.Type type, String text) {
    return type == Node.Type.ANY
        || (types.contains(type) && !(type == Node.Type.TEXT && bare(text)));
  }

  /** The right one that this may have been meant to be, to be put behind the rest. */
  String near(String text) {
    return Nearest.to(text, words).map(word -> "; did you mean " + word + "?").orElse("");
  }

  /** Whether a right one is written without quotes: a number, unless it is one of the words. */
  boolean bare(String text) {
    return !types.contains(Node.Type.TEXT)
        || (types.contains(Node.Type.DECIMAL) && !words.isEmpty() && !words.contains(text));
  }

  Optional<T> parse(String text) {
    return parser.apply(text);
  }

  /** What would have been right instead of the one that is shown. */
  String not(String shown) {
    return shown + " is not " + told + (example.isEmpty() ? "" : "; for example " + example);
  }
}
