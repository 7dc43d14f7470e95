package dev.sallyport.gateway.config;

import dev.sallyport.access.token.ClaimNames;
import dev.sallyport.access.token.Introspection;
import dev.sallyport.access.token.Issuer;
import dev.sallyport.access.token.TypeRule;
import dev.sallyport.gateway.config.Group.Located;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the identity providers whose access tokens are taken. */
final class IssuersReader {
  static final String SCOPE_FORM = "[!#-\\[\\]-~]{1,200}";
  static final Kind<String> SCOPE =
      Kinds.form(SCOPE_FORM, "a scope, without spaces and quotes", "mcp:read");

  static final Kind<Named> ISSUER =
      Kind.text(
          "the issuer exactly as its tokens have it (iss): a URL of https, or of http on this"
              + " machine, without ? and #",
          "https://login.example.com/realms/team",
          IssuersReader::named);
  private static final Kind<HttpUrl> KEYS =
      Kind.text(
          "a URL of https, or of http on this machine",
          "https://login.example.com/jwks",
          text -> HttpUrl.of(text).filter(IssuersReader::isProtected));
  private static final Kind<String> ALGORITHM =
      Kind.text(
          "one of " + String.join(", ", Issuer.ALGORITHMS.stream().sorted().toList()),
          "RS256",
          text -> Optional.of(text).filter(Issuer.ALGORITHMS::contains));
  static final Kind<String> AUDIENCE =
      Kinds.form(
          "[!-~]{1,500}", "an audience as tokens have it (aud), without spaces", "api://mcp");
  static final Kind<TypeRule> TYPE =
      Kind.text(
          "at+jwt, or the name of a claim that only access tokens have, with its value if it has"
              + " one",
          "typ=Bearer",
          IssuersReader::type);
  private static final Kind<String> CLAIM =
      Kinds.form("[!-~]{1,200}", "the name of a claim", "realm_access.roles");

  private static final Kind<String> CLIENT =
      Kinds.form("[ -~]{1,500}", "1 to 500 printable characters of ASCII", "");

  private IssuersReader() {}

  /** An issuer's name, and where it can be asked. */
  record Named(String name, HttpUrl url) {}

  static List<Issuer> read(Group root) {
    List<Issuer> issuers = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Group group : root.groups("issuers", Keys.ISSUER)) {
      if (!group.has("issuer")) {
        group.desk().findings().fault(group.placeOf("issuer"), group.path() + " needs issuer");
      }
      Optional<Issuer> issuer = group.find("issuer", ISSUER).map(named -> issuer(group, named));
      if (issuer.isPresent() && !names.add(issuer.get().name())) {
        group.fault("issuer", "is listed twice");
      } else {
        issuer.ifPresent(issuers::add);
      }
    }
    if (issuers.stream().filter(each -> each.introspection().isPresent()).count() > 1) {
      root.fault(
          "issuers",
          "has several with introspection: whose an opaque token is cannot be seen, and it must not"
              + " be shown to another");
    }
    if (root.isEmptyList("issuers")) {
      root.fault("issuers", "has no issuer; leave it out");
    }
    return List.copyOf(issuers);
  }

  private static Issuer issuer(Group group, Named named) {
    Issuer issuer = Issuer.of(named.name(), named.url());
    Optional<HttpUrl> keys = group.find("keys", KEYS);
    if (keys.isPresent()) {
      issuer = issuer.withKeys(keys.get());
    }
    Set<String> algorithms = texts(group, "algorithms", ALGORITHM);
    if (!algorithms.isEmpty()) {
      issuer = issuer.withAlgorithms(algorithms);
    }
    Optional<Introspection> introspection = introspection(group);
    if (introspection.isPresent()) {
      issuer = issuer.withIntrospection(introspection.get());
    }
    return issuer
        .withAudiences(texts(group, "audiences", AUDIENCE))
        .withType(group.read("access-tokens", TYPE, "at+jwt"))
        .withClaims(claims(group.group("claims", Keys.CLAIMS)))
        .withIncludes(
            scopesByName(group, "scope-includes", SCOPE, "{admin: [mcp:read, mcp:write]}"));
  }

  private static Optional<Introspection> introspection(Group group) {
    if (!group.has("introspection")) {
      return Optional.empty();
    }
    Group asked = group.group("introspection", Keys.INTROSPECTION);
    for (String key : Keys.INTROSPECTION.names()) {
      if (!asked.has(key)) {
        group.fault("introspection", "needs " + key);
      }
    }
    Optional<HttpUrl> url = asked.find("url", KEYS);
    Optional<String> id = asked.find("client-id", CLIENT);
    Optional<String> secret = asked.findSecret("client-secret", CLIENT);
    return url.isPresent() && id.isPresent() && secret.isPresent()
        ? Optional.of(new Introspection(url.get(), id.get(), secret.get()))
        : Optional.empty();
  }

  private static ClaimNames claims(Group claims) {
    ClaimNames usual = ClaimNames.USUAL;
    return new ClaimNames(
        names(claims, "scopes", usual.scopes()),
        names(claims, "groups", usual.groups()),
        names(claims, "client", usual.client()),
        names(claims, "person", usual.person()));
  }

  private static List<String> names(Group claims, String key, List<String> usual) {
    List<String> names = claims.list(key, CLAIM).stream().map(Located::value).toList();
    return names.isEmpty() ? usual : names;
  }

  /**
   * Lists of scopes under names that people chose.
   *
   * @param naming what such a name is
   */
  static Map<String, Set<String>> scopesByName(
      Group group, String key, Kind<String> naming, String example) {
    Group named = group.named(key, example);
    Map<String, Set<String>> scopes = new LinkedHashMap<>();
    for (Located<String> name : named.names()) {
      Set<String> listed = texts(named, name.value(), SCOPE);
      if (named.isEmptyList(name.value())) {
        named.fault(name.value(), "is empty; leave it out");
      }
      if (naming.parse(name.value()).isEmpty()) {
        named.fault(name.value(), "is not " + naming.told());
      }
      scopes.put(name.value(), listed);
    }
    return scopes;
  }

  private static Set<String> texts(Group group, String key, Kind<String> kind) {
    Set<String> texts = new LinkedHashSet<>();
    group.list(key, kind).stream().map(Located::value).forEach(texts::add);
    return texts;
  }

  /** Byte for byte as it is written: a slash at the end is part of it (RFC 8414 section 2). */
  private static Optional<Named> named(String text) {
    return text.indexOf('?') >= 0 || text.indexOf('#') >= 0
        ? Optional.empty()
        : HttpUrl.of(text).filter(IssuersReader::isProtected).map(url -> new Named(text, url));
  }

  /** RS-17. */
  private static boolean isProtected(HttpUrl url) {
    return url.secure() || url.isLoopback();
  }

  private static Optional<TypeRule> type(String text) {
    if (text.equals("at+jwt")) {
      return Optional.of(new TypeRule.AtJwt());
    }
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    boolean sound = !name.isEmpty() && text.length() <= 200 && equals != text.length() - 1;
    return sound
        ? Optional.of(
            new TypeRule.Claim(
                name, equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1))))
        : Optional.empty();
  }

  /** As {@link #type} reads it. */
  static String text(TypeRule rule) {
    return switch (rule) {
      case TypeRule.AtJwt _ -> "at+jwt";
      case TypeRule.Claim(var name, var value) -> name + value.map(text -> "=" + text).orElse("");
    };
  }
}
