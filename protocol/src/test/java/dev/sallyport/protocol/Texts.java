package dev.sallyport.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** JSON for tests, written with single quotes so that it can be read. */
final class Texts {
  private Texts() {}

  static Json json(String singleQuoted) {
    try {
      return Json.parse(utf8(singleQuoted), JsonBounds.DEFAULT);
    } catch (JsonException e) {
      throw new AssertionError("the test's own JSON: " + singleQuoted, e);
    }
  }

  static JsonObject object(String singleQuoted) {
    return json(singleQuoted).asObject().orElseThrow();
  }

  static byte[] utf8(String singleQuoted) {
    return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
