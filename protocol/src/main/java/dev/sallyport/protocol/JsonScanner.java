package dev.sallyport.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a server sent: checks all of it in one pass, and hands out slices. As strict as {@link
 * StrictJson} has Jackson be, at half the cost most often, which is most of what a large result
 * costs here (docs/decisions/001). For what is inside of the values taken nothing is allocated,
 * except where {@link JsonNames} keeps a set.
 */
final class JsonScanner implements JsonCursor {
  private final byte[] text;
  private final JsonBounds bounds;
  private final JsonNames names;

  /** For each depth down to the current one, whether that is an object. */
  private boolean[] objects = new boolean[16];

  private int depth;
  private long tokensLeft;

  /** Behind what was read, or at the first byte of the value that is current. */
  private int position;

  private boolean hasCurrent;
  private int nameFrom;
  private int nameTo;

  /** The text must not change afterwards. */
  JsonScanner(byte[] text, JsonBounds bounds) {
    this.text = text;
    this.bounds = bounds;
    tokensLeft = bounds.tokens();
    names = new JsonNames(text);
  }

  @Override
  public boolean isRewriting() {
    return false;
  }

  @Override
  public boolean begin() {
    position = afterSpace(0);
    hasCurrent = position < text.length;
    return hasCurrent;
  }

  @Override
  public boolean isObject() {
    return text[position] == '{';
  }

  @Override
  public boolean isArray() {
    return text[position] == '[';
  }

  @Override
  public boolean nextElement() throws JsonException {
    return next(']');
  }

  @Override
  public boolean nextMember() throws JsonException {
    return next('}');
  }

  @Override
  public String name() {
    return JsonStrings.decode(text, nameFrom, nameTo);
  }

  @Override
  public Json capture() throws JsonException {
    int from = position;
    position = pass(from);
    hasCurrent = false;
    return new Json(text, from, position);
  }

  @Override
  public void end() throws JsonException {
    if (afterSpace(position) < text.length) {
      throw JsonException.followed();
    }
  }

  private boolean next(char closing) throws JsonException {
    int at = position;
    boolean first = hasCurrent;
    if (first) {
      open(closing == '}');
      at++;
    }
    at = toToken(at);
    if (text[at] == closing) {
      close();
      position = at + 1;
      hasCurrent = false;
      return false;
    }
    position = toValue(first ? at : behindComma(at));
    hasCurrent = true;
    return true;
  }

  /** Passes the value that begins here, whatever is in it, and returns where it ends. */
  private int pass(int from) throws JsonException {
    int outside = depth;
    int at = from;
    while (true) {
      byte first = text[at];
      if (first == '"') {
        count();
        at = JsonStrings.end(text, at + 1) + 1;
      } else if (first == '{' || first == '[') {
        open(first == '{');
        at = toToken(at + 1);
        if (text[at] != closing()) {
          at = toValue(at);
          continue;
        }
      } else {
        at = scalarEnd(first, at);
      }
      while (depth > outside) {
        at = toToken(at);
        if (text[at] != closing()) {
          at = toValue(behindComma(at));
          break;
        }
        close();
        at++;
      }
      if (depth == outside) {
        return at;
      }
    }
  }

  private int scalarEnd(byte first, int at) throws JsonException {
    count();
    return switch (first) {
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
          JsonNumbers.end(text, at, bounds.numberLength());
      case 't' -> literalEnd(Json.TRUE, at);
      case 'f' -> literalEnd(Json.FALSE, at);
      case 'n' -> literalEnd(Json.NULL, at);
      default -> throw JsonException.malformed();
    };
  }

  private int literalEnd(Json literal, int at) throws JsonException {
    byte[] expected = literal.array();
    int end = at + expected.length;
    if (end > text.length || !Arrays.equals(text, at, end, expected, 0, expected.length)) {
      throw JsonException.malformed();
    }
    return end;
  }

  /** From the first byte of an element or of a member to that of its value. */
  private int toValue(int at) throws JsonException {
    if (!objects[depth]) {
      return at;
    }
    int colon = toToken(nameEnd(at) + 1);
    if (text[colon] != ':') {
      throw JsonException.malformed();
    }
    return toToken(colon + 1);
  }

  private int nameEnd(int quote) throws JsonException {
    if (text[quote] != '"') {
      throw JsonException.malformed();
    }
    int from = quote + 1;
    int plain = JsonStrings.plainEnd(text, from);
    boolean isPlain = plain < text.length && text[plain] == '"';
    int to = isPlain ? plain : JsonStrings.end(text, from);
    if (isPlain || JsonStrings.checkedPlainEnd(text, from) == to) {
      requireLength(to - from);
      names.add(from, to);
    } else {
      String name = JsonStrings.decode(text, from, to);
      if (JsonStrings.hasHalfPair(name)) {
        throw JsonException.malformed();
      }
      requireLength(name.getBytes(StandardCharsets.UTF_8).length);
      names.add(name);
    }
    count();
    nameFrom = from;
    nameTo = to;
    return to;
  }

  private void requireLength(int name) throws JsonException {
    if (name > bounds.nameLength()) {
      throw JsonException.beyondBounds();
    }
  }

  private int behindComma(int at) throws JsonException {
    if (text[at] != ',') {
      throw JsonException.malformed();
    }
    return toToken(at + 1);
  }

  private void open(boolean object) throws JsonException {
    if (depth == bounds.depth()) {
      throw JsonException.beyondBounds();
    }
    count();
    depth++;
    if (depth == objects.length) {
      objects = Arrays.copyOf(objects, depth * 2);
    }
    objects[depth] = object;
    if (object) {
      names.openObject();
    }
  }

  private void close() throws JsonException {
    count();
    if (objects[depth]) {
      names.closeObject();
    }
    depth--;
  }

  private char closing() {
    return objects[depth] ? '}' : ']';
  }

  private void count() throws JsonException {
    tokensLeft--;
    if (tokensLeft < 0) {
      throw JsonException.beyondBounds();
    }
  }

  /** The first position from here on that is not white space; something must be there. */
  private int toToken(int from) throws JsonException {
    int at = afterSpace(from);
    if (at == text.length) {
      throw JsonException.malformed();
    }
    return at;
  }

  private int afterSpace(int from) {
    int at = from;
    while (at < text.length && isSpace(text[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte value) {
    return value <= ' ' && (value == ' ' || value == '\n' || value == '\r' || value == '\t');
  }
}
