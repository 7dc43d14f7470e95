package dev.sallyport.transport.http;

/**
 * A whole answer. {@code Content-Length} and {@code Date} are no business of whoever makes one.
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
  }

  public static HttpAnswer empty(int status) {
    return new HttpAnswer(status, HttpFields.empty(), new byte[0]);
  }

  public static HttpAnswer json(int status, byte[] json) {
    return new HttpAnswer(
        status, HttpFields.empty().with("Content-Type", "application/json"), json);
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
