package dev.sallyport.gateway.config.clients;

import dev.sallyport.gateway.config.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands under a key, as text. */
final class Values {
  private Values() {}

  /** {@code null}, or a key without a value: the client takes it as if it were not there. */
  static boolean isNothing(Node node) {
    return node instanceof Node.Scalar scalar && scalar.type() == Node.Type.NOTHING;
  }

  /** A text, a number, or true or false; empty for nothing, a list or a group. */
  static Optional<String> text(Node node) {
    return node instanceof Node.Scalar scalar && scalar.type() != Node.Type.NOTHING
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  static Optional<String> text(Node.Mapping group, String key) {
    return group.entry(key).map(Node.Entry::value).flatMap(Values::text);
  }

  /** All in a list; empty when it is no list of texts. */
  static Optional<List<String>> texts(Node node) {
    if (!(node instanceof Node.Sequence list)) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Node item : list.items()) {
      text(item).ifPresent(texts::add);
    }
    return texts.size() == list.items().size() ? Optional.of(List.copyOf(texts)) : Optional.empty();
  }
}
