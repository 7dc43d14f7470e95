package dev.sallyport.cli;

/**
 * What a command takes besides its options, in its place.
 *
 * @param label what the help calls it
 * @param least how many words of it there have to be
 * @param most how many there may be
 */
record Operand(String label, String description, int least, int most) {
  static Operand one(String label, String description) {
    return new Operand(label, description, 1, 1);
  }

  static Operand perhaps(String label, String description) {
    return new Operand(label, description, 0, 1);
  }

  static Operand any(String label, String description) {
    return new Operand(label, description, 0, Integer.MAX_VALUE);
  }

  /** At least one. */
  static Operand several(String label, String description) {
    return new Operand(label, description, 1, Integer.MAX_VALUE);
  }

  /** As the help shows it: {@code [NAME=VALUE]...}. */
  String shown() {
    return (least == 0 ? "[" + label + "]" : label) + (most > 1 ? "..." : "");
  }
}
