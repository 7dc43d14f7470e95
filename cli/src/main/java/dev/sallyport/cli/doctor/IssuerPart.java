package dev.sallyport.cli.doctor;

import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.access.token.IssuerProbe.Contact;
import dev.sallyport.access.token.IssuerProbe.Metadata;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.HttpUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an authorization server publishes of itself. */
final class IssuerPart {
  private static final String DISCOVERY =
      "RFC 8414 section 3, MCP authorization, Authorization Server Metadata Discovery";
  private static final String SAME = "RFC 8414 section 3.3";

  private final IssuerProbe probe;

  IssuerPart(IssuerProbe probe) {
    this.probe = probe;
  }

  record Seen(Step step, Optional<JsonObject> metadata, Optional<Instant> date) {}

  Seen look(String issuer) throws InterruptedException {
    Optional<HttpUrl> url = HttpUrl.of(issuer);
    if (url.isEmpty()) {
      return nothing(
          issuer,
          new Flaw("it is no URL", "RFC 8414 section 2", "a name in place of the issuer's URL"));
    }
    return switch (probe.metadata(issuer, url.get())) {
      case Metadata.Missing(var tried, var contact) ->
          nothing(
              issuer, new Flaw(String.join("; ", tried), DISCOVERY, missing(contact, url.get())));
      case Metadata.Found found -> found(issuer, url.get(), found);
    };
  }

  private static Seen nothing(String issuer, Flaw flaw) {
    return new Seen(
        Step.of(Step.Part.ISSUER, issuer + ": no metadata", List.of(flaw)),
        Optional.empty(),
        Optional.empty());
  }

  private static String missing(Contact contact, HttpUrl issuer) {
    return switch (contact) {
      case REFUSED -> Documents.ALLOW + issuer.origin();
      case SILENT -> "the authorization server is down, or not reachable from here";
      case ANSWERED ->
          "the issuer is not its whole URL: a realm (Keycloak), a tenant and /v2.0 (Entra ID), an"
              + " authorization server (Okta: /oauth2/default) belongs to it";
    };
  }

  private static Seen found(String issuer, HttpUrl url, Metadata.Found found) {
    JsonObject metadata = found.document();
    List<Flaw> flaws = new ArrayList<>();
    if (!url.secure() && !url.isLoopback()) {
      flaws.add(
          new Flaw(
              "the issuer is not https",
              "RFC 8414 section 2, MCP authorization, Communication Security",
              "a proxy encrypts in front of it and it does not know that: set its hostname"));
    }
    Optional<String> named = metadata.string("issuer");
    if (!named.equals(Optional.of(issuer))) {
      flaws.add(
          new Flaw(
              "it says that it is " + named.orElse("nobody") + " and not " + issuer,
              SAME,
              other(named.orElse(""), issuer)));
    }
    for (String member : List.of("authorization_endpoint", "token_endpoint")) {
      endpoint(metadata, member).ifPresent(flaws::add);
    }
    proofKey(metadata).ifPresent(flaws::add);
    return new Seen(
        Step.of(Step.Part.ISSUER, told(found), flaws), Optional.of(metadata), found.date());
  }

  private static String other(String named, String issuer) {
    if (Same.butForASlash(named, issuer)) {
      return "a slash at the end, which counts: Auth0's issuers have one, most others' have none";
    }
    if (Same.butForTheScheme(named, issuer)) {
      return "http and https: the authorization server does not know that a proxy encrypts for it";
    }
    return named.contains("{tenantid}")
        ? "a document of all tenants of Entra ID: name your own tenant in place of common"
        : "an inner address, or another realm or tenant, is published";
  }

  private static Optional<Flaw> endpoint(JsonObject metadata, String member) {
    Optional<String> text = metadata.string(member);
    if (text.isEmpty()) {
      return Optional.of(
          new Flaw(
              "it has no " + member,
              "RFC 8414 section 2",
              "a server that is for other grants only"));
    }
    Optional<HttpUrl> url = text.flatMap(HttpUrl::of);
    return url.filter(each -> each.secure() || each.isLoopback()).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Flaw(
                member + " is not https: " + text.get(),
                "MCP authorization, Communication Security",
                "the authorization server does not know its public URL"));
  }

  /** OC-05. */
  private static Optional<Flaw> proofKey(JsonObject metadata) {
    Optional<List<Json>> methods = metadata.array("code_challenge_methods_supported");
    if (methods.filter(all -> all.contains(Json.of("S256"))).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Flaw(
            methods.isEmpty()
                ? "code_challenge_methods_supported is not there"
                : "code_challenge_methods_supported is without S256",
            "MCP authorization, Authorization Code Protection",
            "clients have to stop here even where PKCE works: Entra ID leaves it out of its OpenID"
                + " document; publish it in front of the provider"));
  }

  private static String told(Metadata.Found found) {
    JsonObject metadata = found.document();
    List<String> ways = new ArrayList<>();
    if (metadata
        .get("client_id_metadata_document_supported")
        .filter(Json.TRUE::equals)
        .isPresent()) {
      ways.add("client id documents");
    }
    if (metadata.has("registration_endpoint")) {
      ways.add("dynamic registration");
    }
    return found.place()
        + "; clients come by "
        + (ways.isEmpty() ? "registration beforehand only" : String.join(", ", ways));
  }
}
