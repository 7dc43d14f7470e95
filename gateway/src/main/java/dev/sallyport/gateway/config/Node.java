package dev.sallyport.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A part of the file as it was written, with its place. */
public sealed interface Node {
  Place place();

  /** What is under keys; no two are the same. */
  record Mapping(Place place, List<Entry> entries) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    /** With another value there, or one more. */
    Mapping with(Entry changed) {
      List<Entry> all = new ArrayList<>(entries);
      int at = 0;
      while (at < all.size() && !all.get(at).key().equals(changed.key())) {
        at++;
      }
      if (at == all.size()) {
        all.add(changed);
      } else {
        all.set(at, changed);
      }
      return new Mapping(place, all);
    }
  }

  /** A key and what stands under it. */
  record Entry(String key, Place place, Node value) {}

  record Sequence(Place place, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * @param text as written, without quotes and escapes
   * @param hidden whether it may be a secret: it came out of a variable or a file
   */
  record Scalar(Place place, String text, Type type, boolean hidden) implements Node {
    /** Without the text. */
    @Override
    public String toString() {
      return "Scalar[" + type + "]";
    }
  }

  /** What has been found fault with already; whoever wants its value goes on without. */
  record Unread(Place place) implements Node {}

  /** What a scalar is by the core schema of YAML 1.2 (10.3). */
  enum Type {
    TEXT("text"),
    WHOLE("a number"),
    DECIMAL("a number"),
    BOOLEAN("true or false"),
    NOTHING("nothing"),
    /** From outside the file, where everything is text: it is what is wanted, if it fits. */
    ANY("text");

    private final String told;

    Type(String told) {
      this.told = told;
    }

    String told() {
      return told;
    }
  }
}
