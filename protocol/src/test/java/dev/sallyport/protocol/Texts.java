package dev.sallyport.protocol;

/** JSON for tests, written with single quotes so that it can be read. */
final class Texts {
  private Texts() {}

  static Json json(String singleQuoted) {
    try {
      return Json.parse(singleQuoted.replace('\'', '"'));
    } catch (JsonException e) {
      throw new AssertionError("the test's own JSON: " + singleQuoted, e);
    }
  }

  static JsonObject object(String singleQuoted) {
    return json(singleQuoted).asObject().orElseThrow();
  }
}
