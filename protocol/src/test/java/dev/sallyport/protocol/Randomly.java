package dev.sallyport.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Runs a property many times over seeded random input. A failure names the seed; {@code
 * -Dsallyport.seed=N} runs that one alone.
 */
final class Randomly {
  /** What is to hold for any input made from the random numbers. */
  interface Property {
    void check(Random random) throws Exception;
  }

  private Randomly() {}

  static void check(int times, Property property) {
    long only = Long.getLong("sallyport.seed", -1);
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? times : only + 1); seed++) {
      try {
        property.check(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("fails with -Dsallyport.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * One JSON value as text, with white space and escapes in every place a grammar allows them, and
   * no duplicate names.
   */
  static String json(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2, 3 -> number(random);
      case 4, 5 -> string(random);
      case 6 -> array(random, depth);
      default -> object(random, depth);
    };
  }

  static String object(Random random, int depth) {
    Map<String, String> members = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      members.put(text(random) + "#" + i, json(random, depth - 1));
    }
    StringBuilder json = new StringBuilder("{").append(space(random));
    String comma = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      json.append(comma).append(space(random)).append(spelled(member.getKey(), random));
      json.append(space(random)).append(':').append(space(random)).append(member.getValue());
      json.append(space(random));
      comma = ",";
    }
    return json.append('}').toString();
  }

  private static String array(Random random, int depth) {
    StringBuilder json = new StringBuilder("[").append(space(random));
    for (int i = random.nextInt(5); i > 0; i--) {
      json.append(json(random, depth - 1)).append(space(random)).append(i > 1 ? "," : "");
      json.append(space(random));
    }
    return json.append(']').toString();
  }

  static String number(Random random) {
    StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
    number.append(random.nextInt(3) == 0 ? "0" : digits(random, true));
    if (random.nextInt(3) == 0) {
      number.append('.').append(digits(random, false));
    }
    if (random.nextInt(4) == 0) {
      number.append(random.nextBoolean() ? "e" : "E");
      number.append(new String[] {"", "+", "-"}[random.nextInt(3)]).append(digits(random, false));
    }
    return number.toString();
  }

  private static String digits(Random random, boolean leading) {
    StringBuilder digits = new StringBuilder();
    for (int i = 1 + random.nextInt(random.nextInt(20) == 0 ? 40 : 5); i > 0; i--) {
      boolean first = leading && digits.isEmpty();
      digits.append((char) (first ? '1' + random.nextInt(9) : '0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  static String string(Random random) {
    return spelled(text(random), random);
  }

  /** A text of whole characters from every range that is written differently; never a NUL. */
  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0 -> 1 + random.nextInt(0x1F);
            case 1 -> "\"\\/\b\f\n\r\t\u007f\u2028\ufeff".charAt(random.nextInt(11));
            case 2 -> 0x80 + random.nextInt(0x780);
            case 3 -> 0x800 + random.nextInt(0xD000);
            case 4 -> 0x10000 + random.nextInt(0x100000);
            default -> 0x20 + random.nextInt(0x5F);
          });
    }
    return text.toString();
  }

  /** One of the many ways to write a string in JSON. */
  private static String spelled(String text, Random random) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A pair of surrogates is escaped as two escapes or not at all.
      boolean escape = Character.isSurrogate(c) ? text.length() % 2 == 0 : random.nextInt(4) == 0;
      if (escape || c < 0x20 || c == '"' || c == '\\') {
        json.append(escaped(c, random));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private static String escaped(char c, Random random) {
    int common = "\"\\/\b\f\n\r\t".indexOf(c);
    if (common >= 0 && random.nextBoolean()) {
      return "\\" + "\"\\/bfnrt".charAt(common);
    }
    String escape = "%04x".formatted((int) c);
    return "\\u" + (random.nextBoolean() ? escape : escape.toUpperCase(java.util.Locale.ROOT));
  }

  private static String space(Random random) {
    return random.nextInt(3) == 0 ? " \t\r\n".substring(random.nextInt(4)) : "";
  }
}
