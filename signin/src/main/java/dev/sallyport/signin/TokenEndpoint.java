package dev.sallyport.signin;

import dev.sallyport.access.Secret;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.signin.store.GrantTable;
import dev.sallyport.signin.store.GrantTable.Code;
import dev.sallyport.signin.store.GrantTable.Grant;
import dev.sallyport.signin.store.Store;
import dev.sallyport.signin.store.StoreException;
import dev.sallyport.transport.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Gives tokens for a code and for a refresh token (RFC 6749 sections 4.1.3 and 6), and takes the
 * latter back (RFC 7009). Clients have no secrets: what proves one is the verifier of PKCE, and
 * that it has what was issued to it. Thread-safe.
 */
final class TokenEndpoint {
  /** RFC 7636 section 4.1. */
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private static final List<String> PARAMETERS =
      List.of(
          "grant_type",
          "client_id",
          "code",
          "redirect_uri",
          "code_verifier",
          "refresh_token",
          "scope",
          "resource",
          "token");

  private final Store store;
  private final TokenMint mint;
  private final Clock clock;
  private final Chance chance;
  private final Successors successors;

  TokenEndpoint(Store store, TokenMint mint, Clock clock, Chance chance, Successors successors) {
    this.store = store;
    this.mint = mint;
    this.clock = clock;
    this.chance = chance;
    this.successors = successors;
  }

  HttpAnswer token(Home home, Form form) throws StoreException {
    Optional<String> client = form.get("client_id");
    if (form.repeats(PARAMETERS)) {
      return Answers.error(400, "invalid_request", "a parameter is given twice");
    }
    if (client.isEmpty()) {
      return Answers.error(401, "invalid_client", "client_id is missing");
    }
    return switch (form.get("grant_type").orElse("")) {
      case "authorization_code" -> forCode(home, client.get(), form);
      case "refresh_token" -> forRefresh(home, client.get(), form);
      case "" -> Answers.error(400, "invalid_request", "grant_type is missing");
      default ->
          Answers.error(400, "unsupported_grant_type", "it is authorization_code or refresh_token");
    };
  }

  private HttpAnswer forCode(Home home, String client, Form form) throws StoreException {
    if (form.get("code").isEmpty()) {
      return Answers.error(400, "invalid_request", "code is missing");
    }
    String code = Chance.hash(new Secret(form.get("code").get()));
    Secret refresh = chance.secret();
    // In one go: a code that two bring at the same time is one's alone, and ends for both.
    Optional<Grant> granted =
        store.in(
            rows -> {
              Optional<Grant> grant =
                  GrantTable.takeCode(rows, code, clock.instant())
                      .filter(taken -> isFor(taken, client, form))
                      .map(Code::grant);
              if (grant.isPresent()) {
                GrantTable.begin(
                    rows, chance.id(), Chance.hash(refresh), code, grant.get(), clock.instant());
              }
              return grant;
            });
    return granted.isPresent()
        ? tokens(home, granted.get(), granted.get().scope(), refresh)
        : Answers.error(
            400, "invalid_grant", "the code is used, too old, or not for this client and redirect");
  }

  private static boolean isFor(Code code, String client, Form form) {
    Grant grant = code.grant();
    return grant.client().equals(client)
        && form.get("redirect_uri").equals(Optional.of(grant.redirect()))
        && form.get("resource").map(wanted -> isSame(wanted, grant.resource())).orElse(true)
        && form.get("code_verifier").filter(verifier -> proves(verifier, code)).isPresent();
  }

  private static boolean proves(String verifier, Code code) {
    return VERIFIER.matcher(verifier).matches()
        && MessageDigest.isEqual(
            Base64.getUrlEncoder().withoutPadding().encode(new Secret(verifier).sha256()),
            code.challenge().getBytes(StandardCharsets.US_ASCII));
  }

  /** Clients write the slash at the end, or do not (4-T36). */
  static boolean isSame(String wanted, String resource) {
    return wanted.equals(resource) || wanted.equals(resource + "/");
  }

  private HttpAnswer forRefresh(Home home, String client, Form form) throws StoreException {
    if (form.get("refresh_token").isEmpty()) {
      return Answers.error(400, "invalid_request", "refresh_token is missing");
    }
    Secret token = new Secret(form.get("refresh_token").get());
    String hash = Chance.hash(token);
    Secret next = successors.of(token);
    // What is only asked for wrongly costs nobody a token.
    Optional<Grant> known = store.in(rows -> GrantTable.peek(rows, hash, client, clock.instant()));
    if (known.isPresent()
        && !form.get("resource").map(each -> isSame(each, known.get().resource())).orElse(true)) {
      return Answers.error(400, "invalid_target", "the sign-in was for another resource");
    }
    Set<String> asked = Asked.names(form.get("scope").orElse(""));
    if (known.isPresent() && !Asked.names(known.get().scope()).containsAll(asked)) {
      return Answers.error(400, "invalid_scope", "more than was granted");
    }
    Optional<Grant> granted =
        store.in(rows -> GrantTable.renew(rows, hash, Chance.hash(next), client, clock.instant()));
    if (granted.isEmpty()) {
      return Answers.error(
          400, "invalid_grant", "the refresh token is used, too old, or not of this client");
    }
    String scope = asked.isEmpty() ? granted.get().scope() : String.join(" ", new TreeSet<>(asked));
    return tokens(home, granted.get(), scope, next);
  }

  private HttpAnswer tokens(Home home, Grant grant, String scope, Secret refresh)
      throws StoreException {
    Secret access = mint.token(home.issuer(), grant, scope);
    JsonObject answer =
        JsonObject.of("access_token", Json.of(access.reveal()))
            .with("token_type", "Bearer")
            .with("expires_in", Json.of(TokenMint.LIFE.toSeconds()))
            .with("refresh_token", refresh.reveal())
            .with("scope", scope);
    return Answers.json(200, answer.toJson());
  }

  /** Says nothing of whether there was such a token (RFC 7009 section 2.2). */
  HttpAnswer revoke(Form form) throws StoreException {
    if (form.repeats(PARAMETERS) || form.get("token").isEmpty()) {
      return Answers.error(400, "invalid_request", "token is missing");
    }
    if (form.get("client_id").isEmpty()) {
      return Answers.error(401, "invalid_client", "client_id is missing");
    }
    String hash = Chance.hash(new Secret(form.get("token").get()));
    String client = form.get("client_id").get();
    store.in(
        rows -> {
          GrantTable.revoke(rows, hash, client);
          return true;
        });
    return Answers.json(200, JsonObject.EMPTY.toJson());
  }
}
