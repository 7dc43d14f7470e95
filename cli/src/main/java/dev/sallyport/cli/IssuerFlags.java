package dev.sallyport.cli;

import dev.sallyport.access.token.Issuer;
import dev.sallyport.gateway.config.IssuerWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whose access tokens are taken, beside access keys. */
final class IssuerFlags {
  private static final Flag ISSUER =
      Flag.taking(
              "issuer",
              "URL",
              "who signs in there may call too: an identity provider, exactly as its tokens have it"
                  + " (iss)")
          .repeatable();
  private static final Flag AUDIENCE =
      Flag.taking(
              "audience",
              "AUD",
              "take its tokens for this too, where it has no resource indicators")
          .repeatable();
  private static final Flag ACCESS_TOKENS =
      Flag.taking(
              "access-tokens",
              "RULE",
              "how they are known: at+jwt, or a claim that no other token has, as typ=Bearer")
          .withDefault("at+jwt");

  private IssuerFlags() {}

  static List<Flag> all() {
    return List.of(ISSUER, AUDIENCE, ACCESS_TOKENS);
  }

  static List<Issuer> read(Arguments arguments) throws CliFault {
    Set<String> audiences = new TreeSet<>(arguments.texts(AUDIENCE));
    List<Issuer> issuers = new ArrayList<>();
    for (String text : arguments.texts(ISSUER)) {
      switch (IssuerWords.read(text, audiences, arguments.text(ACCESS_TOKENS))) {
        case IssuerWords.Sound(Issuer issuer) -> issuers.add(issuer);
        case IssuerWords.Wrong(var key, var why) ->
            throw new CliFault(CliFault.USAGE, "--" + key + " " + why);
      }
    }
    if (issuers.stream().map(Issuer::name).distinct().count() < issuers.size()) {
      throw new CliFault(CliFault.USAGE, "an --issuer is given twice");
    }
    for (Flag flag : List.of(AUDIENCE, ACCESS_TOKENS)) {
      if (issuers.isEmpty() && arguments.has(flag)) {
        throw new CliFault(
            CliFault.USAGE,
            flag.written() + " is about the tokens of an --issuer, and none is given");
      }
    }
    return List.copyOf(issuers);
  }
}
