package dev.sallyport.cli;

/**
 * One option of a command: {@code --name}, and perhaps {@code -n} for short.
 *
 * @param name without its hyphens
 * @param letter the short form without its hyphen, or empty
 * @param value what the help calls its value, or empty when it takes none
 * @param description for the help, which adds the default and whether it repeats
 * @param fallback its value when it is not given, or empty
 * @param repeats whether it may be given more than once
 */
record Flag(
    String name,
    String letter,
    String value,
    String description,
    String fallback,
    boolean repeats) {
  static final Flag HELP = on("help", "show this help").withLetter("h");
  static final Flag VERSION = on("version", "show the version").withLetter("V");

  /** One that is given or not. */
  static Flag on(String name, String description) {
    return new Flag(name, "", "", description, "", false);
  }

  /** One that takes a value. */
  static Flag taking(String name, String value, String description) {
    return new Flag(name, "", value, description, "", false);
  }

  Flag withLetter(String letter) {
    return new Flag(name, letter, value, description, fallback, repeats);
  }

  Flag withDefault(String fallback) {
    return new Flag(name, letter, value, description, fallback, repeats);
  }

  Flag repeatable() {
    return new Flag(name, letter, value, description, fallback, true);
  }

  boolean takesValue() {
    return !value.isEmpty();
  }

  boolean isWritten(String word) {
    return word.equals(written()) || (!letter.isEmpty() && word.equals("-" + letter));
  }

  /** As it is written: {@code --name}. */
  String written() {
    return "--" + name;
  }
}
