package dev.sallyport.gateway;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import java.time.Instant;
import java.util.Arrays;

/** An access token in the making, as RFC 9068 has it until a test says otherwise. Immutable. */
record TokenText(JsonObject header, JsonObject claims) {
  static TokenText of(String issuer, String audience, Instant now) {
    return new TokenText(
        JsonObject.EMPTY.with("typ", "at+jwt"),
        JsonObject.EMPTY
            .with("iss", issuer)
            .with("aud", audience)
            .with("sub", "ann")
            .with("client_id", "app")
            .with("scope", "mcp:read")
            .with("iat", Json.of(now.getEpochSecond()))
            .with("exp", Json.of(now.plusSeconds(300).getEpochSecond())));
  }

  TokenText header(String name, Json value) {
    return new TokenText(header.with(name, value), claims);
  }

  TokenText header(String name, String value) {
    return header(name, Json.of(value));
  }

  TokenText claim(String name, Json value) {
    return new TokenText(header, claims.with(name, value));
  }

  TokenText claim(String name, String value) {
    return claim(name, Json.of(value));
  }

  TokenText claim(String name, Instant value) {
    return claim(name, Json.of(value.getEpochSecond()));
  }

  TokenText audiences(String... all) {
    return claim("aud", Json.arrayOf(Arrays.stream(all).map(Json::of).toList()));
  }

  TokenText without(String claim) {
    return new TokenText(header, claims.without(claim));
  }

  TokenText withoutHeader(String name) {
    return new TokenText(header.without(name), claims);
  }

  /** With the names of the key and its algorithm, unless the header has others. */
  String signedBy(TestKey key) {
    return key.sign(headerFor(key), claims);
  }

  String signedByUnnamed(TestKey key) {
    return key.sign(headerFor(key).without("kid"), claims);
  }

  JsonObject headerFor(TestKey key) {
    JsonObject named = header.has("alg") ? header : header.with("alg", key.algorithm());
    return named.has("kid") ? named : named.with("kid", key.id());
  }
}
