package dev.sallyport.protocol;

/** The numbers of JSON text (RFC 8259 section 6). */
final class JsonNumbers {
  private JsonNumbers() {}

  /**
   * The first position behind a number.
   *
   * @param longest most digits in all: of the integer, the fraction and the exponent
   */
  static int end(byte[] text, int from, int longest) throws JsonException {
    int whole = byteAt(text, from) == '-' ? from + 1 : from;
    int at = byteAt(text, whole) == '0' ? whole + 1 : digits(text, whole);
    int count = at - whole;
    if (byteAt(text, at) == '.') {
      int fraction = at + 1;
      at = digits(text, fraction);
      count += at - fraction;
    }
    if ((byteAt(text, at) | 0x20) == 'e') {
      byte sign = byteAt(text, at + 1);
      int exponent = sign == '+' || sign == '-' ? at + 2 : at + 1;
      at = digits(text, exponent);
      count += at - exponent;
    }
    if (count > longest) {
      throw JsonException.beyondBounds();
    }
    return at;
  }

  private static int digits(byte[] text, int from) throws JsonException {
    int at = from;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw JsonException.malformed();
    }
    return at;
  }

  private static byte byteAt(byte[] text, int at) {
    return at < text.length ? text[at] : 0;
  }
}
