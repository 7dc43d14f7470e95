package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Requests of a client that does everything right, to be changed by tests. */
final class Pkce {
  static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more";
  static final String CHALLENGE =
      Base64.getUrlEncoder().withoutPadding().encodeToString(new Secret(VERIFIER).sha256());

  private Pkce() {}

  static Map<String, String> request(Served served, String client, String redirect) {
    return new HashMap<>(
        Map.of(
            "response_type",
            "code",
            "client_id",
            client,
            "redirect_uri",
            redirect,
            "state",
            "the state & more",
            "resource",
            served.resource(),
            "scope",
            "read write other",
            "code_challenge",
            CHALLENGE,
            "code_challenge_method",
            "S256"));
  }

  static Map<String, String> forCode(String client, String redirect, String code) {
    return new HashMap<>(
        Map.of(
            "grant_type", "authorization_code",
            "client_id", client,
            "redirect_uri", redirect,
            "code", code,
            "code_verifier", VERIFIER));
  }

  static Map<String, String> forRefresh(String client, String token) {
    return new HashMap<>(
        Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", token));
  }
}
