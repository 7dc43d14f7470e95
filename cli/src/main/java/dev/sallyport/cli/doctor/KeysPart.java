package dev.sallyport.cli.doctor;

import dev.sallyport.access.token.IssuerProbe;
import dev.sallyport.access.token.IssuerProbe.Contact;
import dev.sallyport.access.token.IssuerProbe.Keys;
import dev.sallyport.access.token.IssuerProbe.PublishedKey;
import dev.sallyport.cli.doctor.Step.Flaw;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys that tokens are signed with. */
final class KeysPart {
  private static final String SET = "RFC 7517 section 5";

  private final IssuerProbe probe;

  KeysPart(IssuerProbe probe) {
    this.probe = probe;
  }

  /**
   * @param keys none when there are none to compare with
   */
  record Seen(Step step, Optional<List<PublishedKey>> keys) {}

  Seen look(JsonObject metadata) throws InterruptedException {
    Optional<String> named = metadata.string("jwks_uri");
    if (named.isEmpty()) {
      return new Seen(
          Step.leftOut(
              Step.Part.KEYS, "no jwks_uri: the server has to ask about each token (RFC 7662)"),
          Optional.empty());
    }
    Optional<HttpUrl> place = named.flatMap(HttpUrl::of);
    if (place.isEmpty()) {
      return bad(named.get(), new Flaw("jwks_uri is no URL", "RFC 8414 section 2", "a path alone"));
    }
    return switch (probe.keys(place.get())) {
      case Keys.Missing(var why, var contact) ->
          bad(
              "none",
              new Flaw(
                  why,
                  SET,
                  contact == Contact.REFUSED
                      ? Documents.ALLOW + place.get().origin()
                      : "an inner address is published, or the authorization server is down"));
      case Keys.Found(var keys, var _) -> found(keys);
    };
  }

  private static Seen bad(String found, Flaw flaw) {
    return new Seen(Step.of(Step.Part.KEYS, found, List.of(flaw)), Optional.empty());
  }

  private static Seen found(List<PublishedKey> keys) {
    List<Flaw> flaws = new ArrayList<>();
    if (keys.stream().noneMatch(PublishedKey::usable)) {
      flaws.add(
          new Flaw(
              "none of them can check a signature",
              SET,
              "keys for encryption alone, RSA of less than 2048 bits, or of a kind that few know"));
    }
    if (keys.stream().anyMatch(PublishedKey::secret)) {
      flaws.add(
          new Flaw(
              "a secret key is published",
              "RFC 7517 section 9.2",
              "whoever reads it can make tokens: take it out of use at once"));
    }
    return new Seen(Step.of(Step.Part.KEYS, IssuerProbe.summary(keys), flaws), Optional.of(keys));
  }
}
