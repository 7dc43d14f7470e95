package dev.sallyport.access.token;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonBounds;
import dev.sallyport.protocol.JsonException;
import dev.sallyport.protocol.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A JWT in its compact form, taken apart and not verified yet (RFC 7515 section 3.1). Read once and
 * strictly, by one reader: a name that is given twice makes it no token (security P8).
 *
 * @param signed the bytes that the signature is of
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way, never compared
record SignedToken(JsonObject header, JsonObject claims, byte[] signed, byte[] signature) {
  private static final JsonBounds BOUNDS = new JsonBounds(16, 100, 1_000, 5_000);

  /** Whether it looks like one at all; a key or an opaque token does not. */
  static boolean looksLike(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    return first > 0 && second > first + 1 && token.indexOf('.', second + 1) < 0;
  }

  static Optional<SignedToken> read(String token) {
    if (!looksLike(token) || token.indexOf('=') >= 0) { // its base64 has no padding
      return Optional.empty();
    }
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    try {
      Optional<JsonObject> header = object(token.substring(0, first));
      Optional<JsonObject> claims = object(token.substring(first + 1, second));
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(second + 1));
      return header.isEmpty() || claims.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new SignedToken(
                  header.get(),
                  claims.get(),
                  token.substring(0, second).getBytes(StandardCharsets.US_ASCII),
                  signature));
    } catch (IllegalArgumentException | JsonException notOne) {
      return Optional.empty();
    }
  }

  private static Optional<JsonObject> object(String part) throws JsonException {
    return Json.parse(Base64.getUrlDecoder().decode(part), BOUNDS).asObject();
  }

  /** What it says, some of it about people, is not for records. */
  @Override
  public String toString() {
    return "SignedToken[***]";
  }
}
