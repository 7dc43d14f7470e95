package dev.sallyport.transport.http;

import dev.sallyport.protocol.Memo;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes an {@link HttpHead} of what a parser let through, and refuses what could mean one thing to
 * us and another to a proxy or a backend: request smuggling and DNS rebinding both begin with such
 * a head. Pure functions.
 */
final class RequestHead {
  /** More than any client sends, and few enough to search one after the other. */
  private static final int MAX_FIELDS = 128;

  private static final int MAX_METHOD = 32;

  /** RFC 3986, 3.2: a name, an IPv4 address or one in brackets, and a port. No user information. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[A-Za-z0-9._~%!$&'()*+;=-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{0,5})?");

  private static final Memo<String, Boolean> IS_AUTHORITY =
      new Memo<>(host -> AUTHORITY.matcher(host).matches());

  private static final Pattern ABSOLUTE =
      Pattern.compile("https?://([^/?]*)(.*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** What a parser found. */
  record Parsed(
      String method,
      String target,
      boolean http2,
      Optional<String> authority,
      List<Map.Entry<String, String>> fields) {}

  sealed interface Result {
    record Good(HttpHead head) implements Result {}

    /** To be refused with that status, and the connection closed. */
    record Bad(int status, String why) implements Result {}
  }

  private RequestHead() {}

  static Result read(Parsed parsed, InetSocketAddress peer, boolean tls) {
    if (parsed.fields.size() > MAX_FIELDS) {
      return bad(431, "too many header fields");
    }
    if (parsed.method.length() > MAX_METHOD || !HttpFields.isToken(parsed.method)) {
      return bad(400, "the method is malformed");
    }
    HttpFields fields;
    try {
      fields = HttpFields.of(parsed.fields);
    } catch (IllegalArgumentException malformed) {
      return bad(400, "a header field is malformed");
    }
    Optional<Result.Bad> framing = checkFraming(fields);
    if (framing.isPresent()) {
      return framing.get();
    }
    Optional<String> authority = authority(parsed, fields);
    if (authority.isEmpty()) {
      return bad(400, "there must be exactly one valid Host");
    }
    return target(parsed, authority.get())
        .<Result>map(target -> good(parsed.method, target, fields, authority.get(), peer, tls))
        .orElseGet(() -> bad(400, "the request target is malformed or names another host"));
  }

  private static Result.Bad bad(int status, String why) {
    return new Result.Bad(status, why);
  }

  private static Result good(
      String method,
      String target,
      HttpFields fields,
      String authority,
      InetSocketAddress peer,
      boolean tls) {
    int question = target.indexOf('?');
    return new Result.Good(
        new HttpHead(
            method,
            question < 0 ? target : target.substring(0, question),
            question < 0 ? Optional.empty() : Optional.of(target.substring(question + 1)),
            fields.first("Host").isPresent() ? fields : fields.with("Host", authority),
            peer,
            tls));
  }

  /** RFC 9112, 6: one unambiguous length, or chunks and nothing else. */
  private static Optional<Result.Bad> checkFraming(HttpFields fields) {
    List<String> lengths = fields.all("Content-Length");
    List<String> codings = fields.all("Transfer-Encoding");
    if (lengths.size() > 1 || (!lengths.isEmpty() && !codings.isEmpty())) {
      return Optional.of(bad(400, "the length of the body is ambiguous"));
    }
    if (!lengths.isEmpty() && !DIGITS.matcher(lengths.getFirst()).matches()) {
      return Optional.of(bad(400, "the Content-Length is malformed"));
    }
    if (codings.size() > 1
        || (!codings.isEmpty() && !codings.getFirst().equalsIgnoreCase("chunked"))) {
      return Optional.of(bad(501, "the only transfer coding is chunked"));
    }
    // The parser gives a GET with these fields of a dead WebSocket draft a body of eight bytes.
    if (fields.first("Sec-WebSocket-Key1").isPresent()) {
      return Optional.of(bad(400, "a header field is not supported"));
    }
    return Optional.empty();
  }

  /** RFC 9112, 3.2 and RFC 9113, 8.3.1. */
  private static Optional<String> authority(Parsed parsed, HttpFields fields) {
    List<String> hosts = fields.all("Host");
    boolean missing = parsed.http2 ? parsed.authority.isEmpty() : hosts.isEmpty();
    if (missing || hosts.size() > 1) {
      return Optional.empty();
    }
    String host = hosts.isEmpty() ? parsed.authority.orElse("") : hosts.getFirst();
    if (!parsed.authority.orElse(host).equalsIgnoreCase(host)) {
      return Optional.empty();
    }
    return IS_AUTHORITY.of(host) ? Optional.of(host) : Optional.empty();
  }

  /** Path and query, when the target is one of ours (RFC 9112, 3.2). */
  private static Optional<String> target(Parsed parsed, String authority) {
    String target = parsed.target;
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
        return Optional.empty();
      }
    }
    if (target.startsWith("/")) {
      return Optional.of(target);
    }
    if (target.equals("*")) {
      return parsed.method.equals("OPTIONS") ? Optional.of(target) : Optional.empty();
    }
    var absolute = ABSOLUTE.matcher(target);
    if (!absolute.matches()
        || !absolute.group(1).toLowerCase(Locale.ROOT).equals(authority.toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    String rest = absolute.group(2);
    return Optional.of(rest.startsWith("/") ? rest : "/" + rest);
  }
}
