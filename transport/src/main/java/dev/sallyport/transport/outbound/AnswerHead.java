package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpFields;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer, held against what the engine's parser lets through, and what it says about
 * its connection.
 */
record AnswerHead(HttpVersion version, int status, HttpFields fields) {
  /**
   * A request must not be on its way while the server closes: nobody would know what came of it.
   */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Pattern TIMEOUT = Pattern.compile("(?i)\\btimeout\\s*=\\s*\"?([0-9]{1,9})");

  /**
   * @throws IllegalArgumentException when it is none
   */
  static AnswerHead of(HttpClientResponse response) {
    int status = response.statusCode();
    // Interim answers do not come this far, and a change of protocol is never asked for.
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("the status is " + status);
    }
    HttpFields fields = HttpFields.of(response.headers().entries());
    // Whoever is not told with TE what we could undo may use no other (RFC 9112, 7.4).
    if (!fields.all("Transfer-Encoding").stream().allMatch("chunked"::equalsIgnoreCase)) {
      throw new IllegalArgumentException("the transfer coding is unknown");
    }
    return new AnswerHead(response.version(), status, fields);
  }

  /**
   * How long after this answer the connection may be used again; none when it may not (RFC 9112,
   * 9.3).
   *
   * @param unnamed when the server names no time
   */
  Duration reusable(Duration unnamed) {
    List<String> options = options();
    if (options.contains("close")
        || (version == HttpVersion.HTTP_1_0 && !options.contains("keep-alive"))) {
      return Duration.ZERO;
    }
    Matcher named = TIMEOUT.matcher(String.join(",", fields.all("Keep-Alive")));
    if (!named.find()) {
      return unnamed;
    }
    Duration limit = Duration.ofSeconds(Long.parseLong(named.group(1))).minus(MARGIN);
    return limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
  }

  private List<String> options() {
    return fields.all("Connection").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(option -> option.strip().toLowerCase(Locale.ROOT))
        .toList();
  }
}
