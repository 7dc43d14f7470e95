package dev.sallyport.access.token;

import dev.sallyport.access.token.TokenVerdict.Fault;
import dev.sallyport.access.token.TokenVerdict.Invalid;
import dev.sallyport.protocol.Caller;
import dev.sallyport.protocol.Claims;
import dev.sallyport.protocol.Identity;
import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one issuer's tokens must say, apart from their signature (RFC 9068 section 4, RFC 8725). A
 * pure function of the token and the time. Immutable.
 */
final class TokenRules {
  /** By how much clocks may differ. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration NO_END_TOLD = Duration.ofDays(1);
  private static final int LONGEST_NAME = 512;
  private static final int MOST_NAMES = 1_000;

  private final Issuer issuer;

  TokenRules(Issuer issuer) {
    this.issuer = issuer;
  }

  /** A token that is good if its signature is. */
  record Read(Identity identity, Set<String> audience, Instant expires) {
    Read withoutEnd() {
      Claims said = identity.claims().until(Optional.empty());
      return new Read(new Identity(identity.caller(), said), audience, expires);
    }
  }

  /** What judging came to. */
  sealed interface Judgement {
    record Sound(Read read) implements Judgement {}

    record Unsound(Invalid why) implements Judgement {}
  }

  Judgement judge(SignedToken token, String resource, Instant now) {
    Optional<Invalid> kind = kind(token);
    return kind.isPresent()
        ? new Judgement.Unsound(kind.get())
        : judge(token.claims(), resource, now);
  }

  /**
   * What the issuer itself tells of a token that says nothing (RFC 7662 section 2.2). It need not
   * tell when the token ends: nobody relies on it for long.
   */
  Judgement judgeTold(JsonObject claims, String resource, Instant now) {
    if (claims.has("iss") && !claims.string("iss").equals(Optional.of(issuer.name()))) {
      return unsound(Fault.ISSUER, "its issuer says that it is of another one");
    }
    // Some tell that a refresh token is active as well, which must not open anything (RFC 9700).
    if (claims.has("token_use")
        && claims.string("token_use").filter(use -> use.startsWith("access")).isEmpty()) {
      return unsound(Fault.TYPE, "its issuer says that it is no access token (token_use)");
    }
    if (claims.has("exp")) {
      return judge(claims, resource, now);
    }
    JsonObject endless = claims.with("exp", Json.of(now.plus(NO_END_TOLD).getEpochSecond()));
    return switch (judge(endless, resource, now)) {
      case Judgement.Unsound unsound -> unsound;
      case Judgement.Sound(var read) -> new Judgement.Sound(read.withoutEnd());
    };
  }

  private Judgement judge(JsonObject claims, String resource, Instant now) {
    if (claims.has("cnf")) { // RFC 7800: without the proof it is anybody's
      return unsound(Fault.TYPE, "it is bound to a key of its client (cnf), which is not checked");
    }
    Optional<Invalid> time = time(claims, now);
    if (time.isPresent()) {
      return new Judgement.Unsound(time.get());
    }
    Set<String> audience = texts(claims.get("aud"));
    if (!isFor(audience, resource)) {
      return unsound(
          Fault.AUDIENCE, "its audience is neither " + resource + " nor one that is taken instead");
    }
    Optional<String> subject = claims.string("sub").filter(TokenRules::isName);
    if (subject.isEmpty()) {
      return unsound(Fault.CLAIMS, "it names no subject");
    }
    String client = first(claims, issuer.claims().client()).orElse("");
    Instant expires = Instant.ofEpochSecond(seconds(claims, "exp").orElseThrow());
    return new Judgement.Sound(
        new Read(
            new Identity(new Caller(issuer.name(), subject.get(), client), said(claims, expires)),
            audience,
            expires));
  }

  /** Byte for byte, but for the slash at the end that some providers add (4-T36). */
  boolean isFor(Set<String> audience, String resource) {
    return audience.stream()
        .anyMatch(
            each ->
                each.equals(resource)
                    || each.equals(resource + "/")
                    || issuer.audiences().contains(each));
  }

  private Optional<Invalid> kind(SignedToken token) {
    String algorithm = token.header().string("alg").orElse("");
    if (!issuer.algorithms().contains(algorithm)) {
      return Optional.of(
          new Invalid(
              Fault.ALGORITHM,
              "it is not signed by one of " + issuer.algorithms().stream().sorted().toList()));
    }
    if (token.header().has("crit") || token.header().has("b64")) {
      return Optional.of(
          new Invalid(Fault.TYPE, "its header has what must be understood and is not (crit)"));
    }
    return issuer.type().fits(token.header(), token.claims())
        ? Optional.empty()
        : Optional.of(new Invalid(Fault.TYPE, typeWanted()));
  }

  private String typeWanted() {
    return switch (issuer.type()) {
      case TypeRule.AtJwt _ ->
          "its header does not say that it is an access token (typ: at+jwt); tell by which claim"
              + " this issuer's are known";
      case TypeRule.Claim(var name, var value) ->
          "it is no access token: the claim "
              + name
              + value.map(wanted -> " is not " + wanted).orElse(" is not there");
    };
  }

  private static Optional<Invalid> time(JsonObject claims, Instant now) {
    OptionalLong expires = seconds(claims, "exp");
    if (expires.isEmpty()) {
      return Optional.of(new Invalid(Fault.CLAIMS, "it has no end (exp)"));
    }
    if (!now.minus(SKEW).isBefore(Instant.ofEpochSecond(expires.getAsLong()))) {
      return Optional.of(new Invalid(Fault.EXPIRED, "it has expired"));
    }
    for (String start : List.of("nbf", "iat")) {
      if (claims.has(start)) {
        OptionalLong from = seconds(claims, start);
        if (from.isEmpty()) {
          return Optional.of(new Invalid(Fault.CLAIMS, start + " is no time"));
        }
        if (now.plus(SKEW).isBefore(Instant.ofEpochSecond(from.getAsLong()))) {
          return Optional.of(
              new Invalid(Fault.NOT_YET, "it begins later (" + start + "); are the clocks right?"));
        }
      }
    }
    return Optional.empty();
  }

  private Claims said(JsonObject claims, Instant expires) {
    Set<String> granted =
        every(claims, issuer.claims().scopes()).stream()
            .flatMap(text -> List.of(text.split(" ", -1)).stream())
            .filter(scope -> !scope.isEmpty())
            .collect(Collectors.toSet());
    return new Claims(
        new Scopes.Only(withIncluded(granted)),
        every(claims, issuer.claims().groups()),
        first(claims, issuer.claims().person()),
        Optional.of(expires));
  }

  /** RS-11; what is included may include more. */
  private Set<String> withIncluded(Set<String> granted) {
    Set<String> all = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(granted);
    while (!open.isEmpty()) {
      String scope = open.poll();
      if (all.add(scope)) {
        open.addAll(issuer.includes().getOrDefault(scope, Set.of()));
      }
    }
    return all;
  }

  // ---- claims

  private static Set<String> every(JsonObject claims, List<String> names) {
    return names.stream()
        .map(name -> at(claims, name))
        .flatMap(Optional::stream)
        .findFirst()
        .map(value -> texts(Optional.of(value)))
        .orElse(Set.of());
  }

  private static Optional<String> first(JsonObject claims, List<String> names) {
    return names.stream()
        .map(name -> at(claims, name).flatMap(Json::asString))
        .flatMap(Optional::stream)
        .filter(TokenRules::isName)
        .findFirst();
  }

  private static Optional<Json> at(JsonObject claims, String name) {
    Optional<Json> whole = claims.get(name);
    int dot = name.indexOf('.');
    return whole.isPresent() || dot < 0
        ? whole
        : claims
            .object(name.substring(0, dot))
            .flatMap(inner -> at(inner, name.substring(dot + 1)));
  }

  /** One text, or a list of them; anything else is as good as nothing. */
  private static Set<String> texts(Optional<Json> value) {
    Optional<String> one = value.flatMap(Json::asString);
    if (one.isPresent()) {
      return Set.of(one.get());
    }
    return value.flatMap(Json::asArray).orElse(List.of()).stream()
        .limit(MOST_NAMES)
        .map(Json::asString)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What ends up in records and headers has no characters that mean something there. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_NAME
        && text.chars().noneMatch(c -> Character.isISOControl(c));
  }

  /** A NumericDate (RFC 7519 section 2), which may have a fraction. */
  private static OptionalLong seconds(JsonObject claims, String name) {
    Optional<Json> value = claims.get(name).filter(json -> json.kind() == Json.Kind.NUMBER);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    double seconds = Double.parseDouble(value.get().text());
    return seconds >= 0 && seconds < 1e11 ? OptionalLong.of((long) seconds) : OptionalLong.empty();
  }

  private static Judgement unsound(Fault fault, String detail) {
    return new Judgement.Unsound(new Invalid(fault, detail));
  }
}
