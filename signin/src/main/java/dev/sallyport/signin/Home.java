package dev.sallyport.signin;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpHead;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What follows from the issuer's name: where its endpoints are, and how a browser has to come.
 *
 * @param issuer an origin
 */
record Home(String issuer) {
  static final String METADATA = "/.well-known/oauth-authorization-server";
  static final String AUTHORIZE = "/signin/authorize";
  static final String TOKEN = "/signin/token";
  static final String REGISTER = "/signin/register";
  static final String REVOKE = "/signin/revoke";
  static final String KEYS = "/signin/jwks";

  boolean isSecure() {
    return issuer.startsWith("https://");
  }

  private String authority() {
    return issuer.substring(issuer.indexOf("://") + 3);
  }

  /** With or without the port that goes without saying. */
  boolean isAt(String host) {
    String usual = isSecure() ? ":443" : ":80";
    String given = host.toLowerCase(Locale.ROOT);
    return given.equals(authority()) || given.equals(authority() + usual);
  }

  /**
   * With the prefix no other site, and nothing unencrypted, can set it. Browsers take that over TLS
   * alone. Without TLS we are on this computer, where a jar is shared by all ports, so the name has
   * ours in it.
   */
  String cookie() {
    String port = authority().replaceFirst("^.*?(?::([0-9]+))?$", "$1");
    return isSecure() ? "__Host-sallyport" : "sallyport-" + port;
  }

  /**
   * Whether a form was sent by one of our own pages. Every browser says where a form comes from, in
   * one of two ways at least, and no page can make it say something else (security T24).
   */
  boolean isSentFromHere(HttpHead head) {
    List<String> origins = head.fields().all("Origin");
    List<String> sites = head.fields().all("Sec-Fetch-Site");
    return origins.size() + sites.size() > 0
        && origins.stream().allMatch(issuer::equals)
        && sites.stream().allMatch("same-origin"::equals);
  }

  /** RFC 8414, and what RFC 9207 and the draft on documents of clients add. */
  Json metadata(List<Resource> resources, boolean registration) {
    Set<String> scopes = new TreeSet<>();
    resources.forEach(resource -> scopes.addAll(resource.scopes()));
    JsonObject metadata =
        JsonObject.of("issuer", Json.of(issuer))
            .with("authorization_endpoint", issuer + AUTHORIZE)
            .with("token_endpoint", issuer + TOKEN)
            .with("jwks_uri", issuer + KEYS)
            .with("revocation_endpoint", issuer + REVOKE)
            .with("response_types_supported", texts(List.of("code")))
            .with("response_modes_supported", texts(List.of("query")))
            .with("grant_types_supported", texts(List.of("authorization_code", "refresh_token")))
            .with("code_challenge_methods_supported", texts(List.of("S256")))
            .with("token_endpoint_auth_methods_supported", texts(List.of("none")))
            .with("revocation_endpoint_auth_methods_supported", texts(List.of("none")))
            .with("authorization_response_iss_parameter_supported", Json.TRUE)
            .with("client_id_metadata_document_supported", Json.TRUE);
    if (registration) {
      metadata = metadata.with("registration_endpoint", issuer + REGISTER);
    }
    if (!scopes.isEmpty()) {
      metadata = metadata.with("scopes_supported", texts(List.copyOf(scopes)));
    }
    return metadata.toJson();
  }

  static Json texts(List<String> texts) {
    return Json.arrayOf(texts.stream().map(Json::of).toList());
  }
}
