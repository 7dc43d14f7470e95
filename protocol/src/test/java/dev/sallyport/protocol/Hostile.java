package dev.sallyport.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Texts that are JSON, almost, or not at all. */
final class Hostile {
  /** Names that are equal but do not look so, or look so but are not. */
  private static final List<String> NAMES =
      List.of(
          "",
          "a",
          "\\u0061",
          "b",
          "ab",
          "a\\u0062",
          "12345678",
          "1234567\\u0038",
          "123456789",
          "x23456789",
          "1x3456789",
          "12345678901234567",
          "1234567890123456x",
          "1234567x901234567",
          "\u00e9",
          "\\u00E9",
          "\uD83D\uDE00",
          "\\ud83d\\ude00",
          "\\ud83d",
          "\\ude00",
          "?",
          "\\/",
          "/",
          "\\\"",
          "\\\\",
          "\\u0022",
          "\\n",
          "\\u0000",
          "\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e");

  private static final List<String> SCALARS =
      List.of(
          "0",
          "-0",
          "12",
          "1.5",
          "-1e5",
          "1E+05",
          "123456789012",
          "1.23456e-78",
          "true",
          "false",
          "null",
          "\"\"",
          "\"a\"",
          "\"\\\"\"",
          "\"\\\\\"",
          "\"\\u12aB\"",
          "\"12345678\"",
          "\"1234567\\n\"",
          "\"\u00e9\uD83D\uDE00\u65e5\"",
          "\"\\ud83d\"");

  private static final byte[] BYTES =
      "{}[]:,\"\\/abefnrtu01289-+.eE \t\r\n\0\1\037\177{}[]:,\"\\".getBytes(StandardCharsets.UTF_8);

  private Hostile() {}

  static byte[] text(Random random) {
    String text =
        switch (random.nextInt(4)) {
          case 0 -> Randomly.json(random, 4);
          case 1 -> Randomly.object(random, 3);
          default -> value(random, 1 + random.nextInt(5));
        };
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      utf8 = damaged(utf8, random);
    }
    return utf8;
  }

  private static String value(Random random, int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return SCALARS.get(random.nextInt(SCALARS.size()));
    }
    boolean object = random.nextInt(3) > 0;
    StringBuilder text = new StringBuilder(object ? "{" : "[");
    int members = random.nextInt(random.nextInt(10) == 0 ? 12 : 4);
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : ",");
      if (object) {
        text.append('"').append(NAMES.get(random.nextInt(NAMES.size()))).append("\":");
      }
      text.append(value(random, depth - 1));
    }
    return text.append(object ? '}' : ']').toString();
  }

  private static byte[] damaged(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int to = Math.min(text.length, at + 1 + random.nextInt(random.nextInt(3) == 0 ? 20 : 3));
    byte[] before = Arrays.copyOf(text, at);
    byte[] from = Arrays.copyOfRange(text, at, text.length);
    byte[] after = Arrays.copyOfRange(text, to, text.length);
    byte[] one = {
      random.nextInt(3) == 0 ? (byte) random.nextInt(256) : BYTES[random.nextInt(BYTES.length)]
    };
    return switch (random.nextInt(5)) {
      case 0 -> before;
      case 1 -> Texts.join(before, after);
      case 2 -> Texts.join(before, one, from);
      case 3 -> Texts.join(before, Arrays.copyOfRange(text, at, to), from);
      default -> Texts.join(before, one, after);
    };
  }
}
