package dev.sallyport.gateway.config;

import java.util.Comparator;

/** Where something stands that is worth a word. */
public sealed interface Place {
  /** As in the file, then the environment by name. */
  Comparator<Place> IN_ORDER =
      Comparator.comparingInt(Place::line)
          .thenComparingInt(Place::column)
          .thenComparing(Place::variable);

  /**
   * In the file.
   *
   * @param line from 1
   * @param column from 1, in characters
   */
  record InText(int line, int column) implements Place {}

  /** In a variable of the environment. */
  record InVariable(String name) implements Place {}

  /** The file as a whole: it cannot be read, for example. */
  record WholeFile() implements Place {}

  private int line() {
    return switch (this) {
      case WholeFile() -> 0;
      case InText(int line, int _) -> line;
      case InVariable(String _) -> Integer.MAX_VALUE;
    };
  }

  private int column() {
    return switch (this) {
      case InText(int _, int column) -> column;
      case WholeFile() -> 0;
      case InVariable(String _) -> 0;
    };
  }

  private String variable() {
    return switch (this) {
      case InVariable(String name) -> name;
      case WholeFile() -> "";
      case InText(int _, int _) -> "";
    };
  }

  /** As it is put before a message: {@code sallyport.yaml:12:5}, or a variable's name. */
  default String told(String file) {
    return switch (this) {
      case WholeFile() -> file;
      case InText(int line, int column) -> file + ":" + line + ":" + column;
      case InVariable(String name) -> name;
    };
  }
}
