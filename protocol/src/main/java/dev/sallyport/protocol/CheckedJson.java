package dev.sallyport.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes apart what was checked before, one level at a time, and so checks nothing: every request
 * has several small objects, and setting up a parser for one costs more than reading it.
 */
final class CheckedJson {
  private CheckedJson() {}

  static JsonObject members(Json object) {
    byte[] text = object.array();
    List<String> names = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    int at = next(text, object.from() + 1);
    while (text[at] != '}') {
      int nameEnd = JsonStrings.checkedEnd(text, at + 1);
      names.add(JsonStrings.decode(text, at + 1, nameEnd));
      int from = next(text, next(text, nameEnd + 1) + 1);
      int to = end(text, from);
      values.add(new Json(text, from, to));
      at = nextOrClosing(text, to);
    }
    return new JsonObject(names, values);
  }

  static List<Json> elements(Json array) {
    byte[] text = array.array();
    List<Json> elements = new ArrayList<>();
    int at = next(text, array.from() + 1);
    while (text[at] != ']') {
      int to = end(text, at);
      elements.add(new Json(text, at, to));
      at = nextOrClosing(text, to);
    }
    return elements;
  }

  /** What the string says. */
  static String string(Json string) {
    return JsonStrings.decode(string.array(), string.from() + 1, string.to() - 1);
  }

  private static int nextOrClosing(byte[] text, int valueEnd) {
    int at = next(text, valueEnd);
    return text[at] == ',' ? next(text, at + 1) : at;
  }

  /** Control characters other than white space do not get here. */
  private static int next(byte[] text, int from) {
    int at = from;
    while (text[at] <= ' ') {
      at++;
    }
    return at;
  }

  /** Where the value ends that begins here; it is inside of an object or an array. */
  private static int end(byte[] text, int from) {
    return switch (text[from]) {
      case '"' -> JsonStrings.checkedEnd(text, from + 1) + 1;
      case '{', '[' -> closed(text, from);
      default -> {
        int at = from;
        while (text[at] > ' ' && text[at] != ',' && text[at] != ']' && text[at] != '}') {
          at++;
        }
        yield at;
      }
    };
  }

  private static int closed(byte[] text, int from) {
    int at = from;
    int depth = 0;
    do {
      // The two kinds of brackets differ in this bit, and outside of strings nothing else has it
      // so.
      int kind = text[at] | 0x20;
      if (kind == '{') {
        depth++;
      } else if (kind == '}') {
        depth--;
      } else if (text[at] == '"') {
        at = JsonStrings.checkedEnd(text, at + 1);
      }
      at++;
    } while (depth > 0);
    return at;
  }
}
