package dev.sallyport.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A whole answer. {@code Content-Length}, {@code Date} and {@code Connection} are added when it is
 * sent.
 *
 * @param status a final status, 200 to 599
 * @param body owned by the answer from here on: not to be changed by whoever made it
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way out, never compared
public record HttpAnswer(int status, HttpFields fields, byte[] body) {
  public HttpAnswer {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("not a final status: " + status);
    }
    if (fields.frameAnswer()) {
      throw new IllegalArgumentException("an answer does not say how it is framed");
    }
  }

  public static HttpAnswer empty(int status) {
    return new HttpAnswer(status, HttpFields.empty(), new byte[0]);
  }

  public static HttpAnswer json(int status, byte[] json) {
    return new HttpAnswer(
        status, HttpFields.empty().with("Content-Type", "application/json"), json);
  }

  /** An answer for a person, in a few words. */
  static HttpAnswer text(int status, String words) {
    return new HttpAnswer(
        status,
        HttpFields.empty().with("Content-Type", "text/plain; charset=utf-8"),
        (words + "\n").getBytes(UTF_8));
  }

  /** This answer with one more field. */
  public HttpAnswer with(String field, String value) {
    return new HttpAnswer(status, fields.with(field, value), body);
  }

  /** Without the body, which can hold a caller's data. */
  @Override
  public String toString() {
    return status + " " + fields + " " + body.length + " bytes";
  }
}
