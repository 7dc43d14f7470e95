package dev.sallyport.signin;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An authorization request whose client and redirect are known to belong together, so that the
 * client can be told what is wrong with the rest (RFC 6749 section 4.1.2.1).
 *
 * @param resource that was asked for
 * @param scope what is granted of it, by names with spaces between them
 * @param challenge of PKCE, by S256
 */
record Asked(
    Client client,
    RedirectUri redirect,
    Optional<String> state,
    Resource resource,
    String scope,
    String challenge) {
  /** All that the request can have, and none of it twice. */
  static final List<String> PARAMETERS =
      List.of(
          "response_type",
          "response_mode",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "resource",
          "code_challenge",
          "code_challenge_method",
          "prompt",
          "request",
          "request_uri");

  private static final int LONGEST_SCOPE = 2_000;
  private static final Pattern STATE = Pattern.compile("[ -~]{1,2048}");
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** RFC 6749 section 3.3. */
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]+(?: [!#-\\[\\]-~]+)*");

  /** What came of reading one. */
  sealed interface Read {
    record Sound(Asked asked) implements Read {}

    /**
     * @param error of RFC 6749
     * @param state to be told back
     */
    record Wrong(String error, String description, Optional<String> state) implements Read {}
  }

  static Read read(Client client, RedirectUri redirect, Form form, List<Resource> resources) {
    Optional<String> state = form.get("state").filter(text -> STATE.matcher(text).matches());
    Optional<Wrongness> wrong = wrongness(form, state);
    if (wrong.isPresent()) {
      return new Read.Wrong(wrong.get().error(), wrong.get().description(), state);
    }
    Optional<Resource> resource = resource(form, resources);
    if (resource.isEmpty()) {
      return new Read.Wrong(
          "invalid_target", "resource has to be the URL of one that is served here", state);
    }
    String scope = granted(form.get("scope"), resource.get());
    String challenge = form.get("code_challenge").orElseThrow();
    return new Read.Sound(new Asked(client, redirect, state, resource.get(), scope, challenge));
  }

  private record Wrongness(String error, String description) {}

  private static Optional<Wrongness> wrongness(Form form, Optional<String> state) {
    if (form.repeats(PARAMETERS)) {
      return wrong("invalid_request", "a parameter is given twice");
    }
    if (form.has("request")) {
      return wrong("request_not_supported", "parameters stand in the query");
    }
    if (form.has("request_uri")) {
      return wrong("request_uri_not_supported", "parameters stand in the query");
    }
    if (!form.get("response_type").equals(Optional.of("code"))) {
      return wrong("unsupported_response_type", "response_type is code");
    }
    if (!form.get("response_mode").orElse("query").equals("query")) {
      return wrong("invalid_request", "response_mode is query");
    }
    if (form.has("state") && state.isEmpty()) {
      return wrong("invalid_request", "state is too long, or not plain text");
    }
    if (!form.get("code_challenge_method").equals(Optional.of("S256"))
        || form.get("code_challenge").filter(c -> CHALLENGE.matcher(c).matches()).isEmpty()) {
      return wrong("invalid_request", "code_challenge with the method S256 is needed (PKCE)");
    }
    Optional<String> scope = form.get("scope");
    return scope.isPresent() && !isScope(scope.get())
        ? wrong("invalid_scope", "scope is names with a space between them")
        : Optional.empty();
  }

  private static Optional<Wrongness> wrong(String error, String description) {
    return Optional.of(new Wrongness(error, description));
  }

  private static boolean isScope(String text) {
    return text.length() <= LONGEST_SCOPE && SCOPE.matcher(text).matches();
  }

  /**
   * Clients of before June 2025 name none; where only one is served, it can be no other, and the
   * token is for it alone.
   */
  private static Optional<Resource> resource(Form form, List<Resource> resources) {
    Optional<String> wanted = form.get("resource");
    return wanted.isEmpty()
        ? resources.size() == 1 ? Optional.of(resources.getFirst()) : Optional.empty()
        : resources.stream()
            .filter(each -> TokenEndpoint.isSame(wanted.get(), each.url()))
            .findFirst();
  }

  /** Of what is asked for, what the resource knows; the answer says what that came to. */
  private static String granted(Optional<String> wanted, Resource resource) {
    Set<String> granted = new TreeSet<>(wanted.map(Asked::names).orElse(resource.usual()));
    granted.retainAll(resource.scopes());
    return String.join(" ", granted);
  }

  static Set<String> names(String scope) {
    return scope.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(scope.split(" ", -1)));
  }
}
