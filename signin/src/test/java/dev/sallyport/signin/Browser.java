package dev.sallyport.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a browser does here: one jar of cookies, forms that say where they come from. */
final class Browser {
  private static final Pattern TICKET = Pattern.compile("name=\"ticket\" value=\"([^\"]+)\"");

  private final Served served;
  private Optional<String> cookie = Optional.empty();

  Browser(Served served) {
    this.served = served;
  }

  Optional<String> cookie() {
    return cookie;
  }

  void setCookie(String other) {
    cookie = Optional.of(other);
  }

  HttpResponse<String> open(String path, String... fields) throws Exception {
    return served.get(path, withCookie(fields));
  }

  HttpResponse<String> submit(String path, Map<String, String> form) throws Exception {
    return served.post(path, form, withCookie("Origin", served.issuer));
  }

  private String[] withCookie(String... fields) {
    if (cookie.isEmpty()) {
      return fields;
    }
    String[] more = Arrays.copyOf(fields, fields.length + 2);
    more[fields.length] = "Cookie";
    more[fields.length + 1] = cookie.get();
    return more;
  }

  void accept(String invite) throws Exception {
    HttpResponse<String> welcome = submit(invite, Map.of());
    assertThat(welcome.statusCode()).isEqualTo(200);
    cookie = Optional.of(welcome.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0]);
  }

  HttpResponse<String> ask(Map<String, String> request) throws Exception {
    return open("/signin/authorize?" + Served.encoded(request));
  }

  static String ticket(HttpResponse<String> page) {
    Matcher found = TICKET.matcher(page.body());
    assertThat(found.find()).as(page.statusCode() + " " + page.body()).isTrue();
    return found.group(1);
  }

  HttpResponse<String> decide(String ticket, String decision) throws Exception {
    return submit("/signin/authorize", Map.of("ticket", ticket, "decision", decision));
  }

  /** Goes all the way to a code. */
  String codeFor(Map<String, String> request) throws Exception {
    return answer(decide(ticket(ask(request)), "allow")).getOrDefault("code", "none");
  }

  /** What stands in the query of where it is sent. */
  static Map<String, String> answer(HttpResponse<String> redirect) {
    assertThat(redirect.statusCode()).as(redirect.body()).isEqualTo(303);
    String location = redirect.headers().firstValue("Location").orElseThrow();
    Map<String, String> answer = new HashMap<>();
    for (String pair : URI.create(location).getRawQuery().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = URLDecoder.decode(parts[1], UTF_8);
      assertThat(answer.put(parts[0], value)).isNull();
    }
    return answer;
  }
}
