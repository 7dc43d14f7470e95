package dev.sallyport.signin;

import dev.sallyport.transport.outbound.HttpUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an answer goes: https, or http to this very computer (RS-17). Kept and compared as it was
 * written (RFC 9700 section 2.1), but for the port of a program here, which cannot know it in
 * advance (RFC 8252, 7.3).
 *
 * @param text as it was written
 * @param url the same, taken apart
 */
record RedirectUri(String text, HttpUrl url) {
  private static final int MOST_CHARACTERS = 2_000;

  /** In lower case alone: who writes it otherwise has something in mind. */
  private static final Pattern LOOPBACK =
      Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1]|localhost)(?::([0-9]{1,5}))?(/[^#]*)?");

  static Optional<RedirectUri> of(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    return HttpUrl.of(text)
        .filter(url -> url.secure() || LOOPBACK.matcher(text).matches())
        .map(url -> new RedirectUri(text, url));
  }

  static boolean isSound(String text) {
    return of(text).isPresent();
  }

  /** Whether it is what was registered. */
  boolean fits(RedirectUri registered) {
    if (text.equals(registered.text)) {
      return true;
    }
    Matcher here = LOOPBACK.matcher(text);
    Matcher there = LOOPBACK.matcher(registered.text);
    return here.matches()
        && there.matches()
        && here.group(1).equals(there.group(1))
        && path(here).equals(path(there));
  }

  private static String path(Matcher loopback) {
    return Optional.ofNullable(loopback.group(3)).orElse("");
  }

  boolean isLoopback() {
    return url.isLoopback();
  }

  /** What a person reads. */
  String destination() {
    return isLoopback()
        ? "A program on this computer (" + url.origin() + ")"
        : "The site " + url.host() + (url.port() == 443 ? "" : ", port " + url.port());
  }

  /** For a policy of a page. It knows no addresses of IPv6, so that is all of http then. */
  String policySource() {
    return url.host().indexOf(':') >= 0 ? (url.secure() ? "https:" : "http:") : url.origin();
  }

  /** This URI, and the answer behind what it has already (RFC 6749 section 4.1.2). */
  String with(List<Map.Entry<String, String>> answer) {
    StringJoiner query = new StringJoiner("&");
    answer.forEach(each -> query.add(each.getKey() + "=" + encoded(each.getValue())));
    return text + (text.indexOf('?') < 0 ? "?" : "&") + query;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
