package dev.sallyport.downstream;

import dev.sallyport.transport.http.HttpAnswer;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.http.HttpHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What browsers ask for before a page may call us, and what lets the page read the answer (4-T17).
 * Origins were checked before: here they are ours.
 */
final class CrossOrigin {
  private static final List<String> REQUEST_FIELDS =
      List.of(
          "Accept",
          "Authorization",
          "Content-Type",
          "Last-Event-ID",
          "Mcp-Method",
          "Mcp-Name",
          "MCP-Protocol-Version",
          "Mcp-Session-Id");

  private static final Pattern PARAMETER =
      Pattern.compile("mcp-param-[a-z0-9!#$%&'*+.^_`|~-]{1,100}");

  private CrossOrigin() {}

  /** The fields for every answer to a request that came from a page. */
  static HttpFields fields(HttpHead head) {
    Optional<String> origin = head.fields().first("Origin");
    return origin.isEmpty()
        ? HttpFields.empty()
        : HttpFields.empty()
            .with("Access-Control-Allow-Origin", origin.get())
            .with("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After")
            .with("Vary", "Origin");
  }

  /** Whether this is the question a browser asks first, and not some other OPTIONS. */
  static boolean isPreflight(HttpHead head) {
    return head.method().equals("OPTIONS")
        && head.fields().first("Origin").isPresent()
        && head.fields().first("Access-Control-Request-Method").isPresent();
  }

  /** Without the fields that every answer to a page gets: {@link #add} adds them, once. */
  static HttpAnswer preflight(HttpHead head, String methods) {
    return HttpAnswer.empty(204)
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", allowed(head))
        .with("Access-Control-Max-Age", "600");
  }

  /** The fields MCP uses, and those of {@code Mcp-Param-*} the page names: they are not a list. */
  private static String allowed(HttpHead head) {
    List<String> names = new ArrayList<>(REQUEST_FIELDS);
    for (String asked :
        head.fields().first("Access-Control-Request-Headers").orElse("").split(",", -1)) {
      String name = asked.strip().toLowerCase(Locale.ROOT);
      if (PARAMETER.matcher(name).matches()) {
        names.add(name);
      }
    }
    return String.join(", ", names);
  }

  static HttpAnswer add(HttpAnswer answer, HttpFields fields) {
    return new HttpAnswer(answer.status(), answer.fields().with(fields), answer.body());
  }
}
