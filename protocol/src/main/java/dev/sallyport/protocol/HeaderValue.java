package dev.sallyport.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How a text of the body travels as an HTTP field value: as it is when it is plain ASCII, otherwise
 * as Base64 between two markers (SEP-2243, Value Encoding).
 */
public final class HeaderValue {
  private static final String PREFIX = "=?base64?";
  private static final String SUFFIX = "?=";

  private HeaderValue() {}

  /**
   * The field value for a text (CH-07). A tab is legal inside a field value, but it is encoded too:
   * intermediaries fold it into a space.
   */
  public static String encode(String text) {
    if (isPlain(text) && !(text.startsWith(PREFIX) && text.endsWith(SUFFIX))) {
      return text;
    }
    return PREFIX
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        + SUFFIX;
  }

  /**
   * The text behind a field value; empty when the value holds a character that no field value may
   * hold (HD-09), or its Base64 or the UTF-8 inside is faulty (HD-07, HD-08). White space around it
   * does not count (HD-05); markers in another case, or one of them alone, are plain text (HD-06).
   */
  public static Optional<String> decode(String field) {
    String value = withoutOuterSpace(field);
    if (!value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c <= 0x7e))) {
      return Optional.empty();
    }
    boolean marked =
        value.length() >= PREFIX.length() + SUFFIX.length()
            && value.startsWith(PREFIX)
            && value.endsWith(SUFFIX);
    return marked
        ? decodeBase64(value.substring(PREFIX.length(), value.length() - SUFFIX.length()))
        : Optional.of(value);
  }

  private static Optional<String> decodeBase64(String base64) {
    try {
      byte[] utf8 = Base64.getDecoder().decode(base64);
      // The decoder forgives missing padding and stray bits in the last character, so that one text
      // would have several spellings; encoding again does not.
      if (!Base64.getEncoder().encodeToString(utf8).equals(base64)) {
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (IllegalArgumentException | CharacterCodingException faulty) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)
        && !text.startsWith(" ")
        && !text.endsWith(" ");
  }

  /** Strips what RFC 9110 section 5.5 calls optional white space, and nothing else. */
  static String withoutOuterSpace(String field) {
    int from = 0;
    int to = field.length();
    while (from < to && isSpace(field.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(field.charAt(to - 1))) {
      to--;
    }
    return field.substring(from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
