package dev.sallyport.signin;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpAnswer;

/** What programs get: JSON, from any page (it asks for no cookie), and nothing is kept of it. */
final class Answers {
  private Answers() {}

  static HttpAnswer json(int status, Json json) {
    return open(HttpAnswer.json(status, json.toBytes()))
        .with("Cache-Control", "no-store")
        .with("Pragma", "no-cache");
  }

  /** What everybody may keep for a while. */
  static HttpAnswer lasting(byte[] json) {
    return open(HttpAnswer.json(200, json)).with("Cache-Control", "max-age=300");
  }

  /** RFC 6749 section 5.2. Never with anything of what was sent. */
  static HttpAnswer error(int status, String code, String description) {
    return json(
        status,
        JsonObject.of("error", Json.of(code), "error_description", Json.of(description)).toJson());
  }

  static HttpAnswer unavailable() {
    return error(503, "temporarily_unavailable", "try again in a moment").with("Retry-After", "1");
  }

  static HttpAnswer preflight() {
    return open(HttpAnswer.empty(204))
        .with("Access-Control-Allow-Methods", "GET, POST")
        .with("Access-Control-Allow-Headers", "Accept, Content-Type, MCP-Protocol-Version")
        .with("Access-Control-Max-Age", "600");
  }

  private static HttpAnswer open(HttpAnswer answer) {
    return answer.with("Access-Control-Allow-Origin", "*");
  }
}
