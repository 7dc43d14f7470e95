package dev.sallyport.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A digest of what a request is about: its method, its target and its arguments. Sealed state is
 * bound to it (MR-07), so it must survive a client that writes the same arguments differently the
 * second time: order of members, escapes and spelling of numbers do not count (RFC 8785; 4-T27).
 *
 * <p>Unlike RFC 8785, numbers are told apart exactly and not as doubles: two large integers that
 * only differ in their last digit are two calls.
 */
public final class CallDigest {
  private static final int LONGEST_EXPONENT = 18;

  private CallDigest() {}

  /** The 32 bytes of a SHA-256. */
  public static byte[] of(String method, JsonObject params) {
    Json target = Method.of(method).flatMap(Method::target).flatMap(params::get).orElse(Json.NULL);
    Json arguments = params.get("arguments").orElse(Json.NULL);
    JsonWriter text = new JsonWriter(64 + target.length() + arguments.length());
    text.beginArray().string(method);
    write(target, text);
    write(arguments, text);
    return sha256(text.endArray().toBytes());
  }

  private static void write(Json value, JsonWriter to) {
    try (JsonParser parser = StrictJson.verified(value)) {
      parser.nextToken();
      write(parser, to);
    }
  }

  /** Writes the value whose first token is current, in the one form all its spellings share. */
  private static void write(JsonParser parser, JsonWriter to) {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        TreeMap<String, Json> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          JsonWriter value = new JsonWriter(32);
          write(parser, value);
          members.put(name, value.toJson());
        }
        to.beginObject();
        members.forEach(to::member);
        to.endObject();
      }
      case START_ARRAY -> {
        to.beginArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          write(parser, to);
        }
        to.endArray();
      }
      case VALUE_STRING -> to.string(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.number(exactly(parser.getString()));
      case VALUE_TRUE -> to.value(Json.TRUE);
      case VALUE_FALSE -> to.value(Json.FALSE);
      case VALUE_NULL -> to.value(Json.NULL);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not the first token of a value");
    }
  }

  /**
   * A number as its significant digits and a power of ten. Done on the text, because arithmetic on
   * hostile digits and exponents has no useful bound; an exponent beyond all use stays as written.
   */
  static String exactly(String number) {
    String sign = number.startsWith("-") ? "-" : "";
    String[] parts = number.substring(sign.length()).split("[eE]", 2);
    if (parts.length > 1 && parts[1].length() > LONGEST_EXPONENT) {
      return number;
    }
    String[] digits = parts[0].split("\\.", 2);
    String fraction = digits.length > 1 ? digits[1] : "";
    String all = digits[0] + fraction;
    int from = 0;
    int to = all.length();
    while (from < to && all.charAt(from) == '0') {
      from++;
    }
    while (to > from && all.charAt(to - 1) == '0') {
      to--;
    }
    String significant = all.substring(from, to);
    if (significant.isEmpty()) {
      return "0";
    }
    long exponent = parts.length > 1 ? Long.parseLong(parts[1]) : 0;
    exponent += digits[0].length() - to;
    return sign + significant + "e" + exponent;
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
