package dev.sallyport.access.token;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.http.HttpFields;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks at what an issuer publishes, for people who ask why its tokens are not taken: it finds more
 * than the check of a token needs, and goes on where that would stop. Bounded in time and size.
 * Blocks. Thread-safe.
 */
public final class IssuerProbe {
  /** By how much clocks may differ before it is worth a word. */
  public static final Duration CLOCKS = Duration.ofSeconds(30);

  private static final int MOST_KEYS = 100;

  private final Published published;

  public IssuerProbe(GuardedFetch fetch) {
    this.published = new Published(fetch);
  }

  /** How far a question came. */
  public enum Contact {
    /** There was an answer, if not a good one. */
    ANSWERED,
    /** Nobody answered, or somebody who says that it is not well. */
    SILENT,
    /** It may not be asked: what names it is not trusted to lead anywhere. */
    REFUSED
  }

  /** What came of looking for metadata. */
  public sealed interface Metadata {
    /**
     * @param date of the answer, by the clock over there
     * @param before what was tried before, in vain
     */
    record Found(HttpUrl place, JsonObject document, Optional<Instant> date, List<String> before)
        implements Metadata {
      public Found {
        before = List.copyOf(before);
      }
    }

    /**
     * @param tried what came of each place, a line each
     */
    record Missing(List<String> tried, Contact contact) implements Metadata {
      public Missing {
        tried = List.copyOf(tried);
      }
    }
  }

  /** What came of looking for keys. */
  public sealed interface Keys {
    record Found(List<PublishedKey> keys, Optional<Instant> date) implements Keys {
      public Found {
        keys = List.copyOf(keys);
      }
    }

    record Missing(String why, Contact contact) implements Keys {}
  }

  /**
   * One of the keys, as it is described.
   *
   * @param kind {@code RSA} or {@code EC} with the curve, for example {@code EC P-256}
   * @param usable whether a signature can be checked with it here
   * @param secret whether more of it is published than should be
   */
  public record PublishedKey(
      Optional<String> id,
      Optional<String> algorithm,
      String kind,
      boolean usable,
      boolean secret) {}

  /** Where metadata can be, in the order in which clients look (RFC 8414 section 3.1). */
  public static List<HttpUrl> places(HttpUrl issuer) {
    return Discovery.places(issuer);
  }

  /**
   * The first document that is there and of this issuer, or else the first that is there.
   *
   * @param name the issuer as it is written
   */
  public Metadata metadata(String name, HttpUrl issuer) throws InterruptedException {
    List<String> tried = new ArrayList<>();
    Optional<Metadata.Found> other = Optional.empty();
    Contact contact = Contact.REFUSED;
    for (HttpUrl place : places(issuer)) {
      switch (document(place)) {
        case Read.No(var why, var how) -> {
          tried.add(why);
          if (how == Contact.SILENT) {
            return new Metadata.Missing(tried, how); // who is away is away at all places
          }
          contact = how.compareTo(contact) < 0 ? how : contact;
        }
        case Read.Yes(var document, var date) -> {
          Metadata.Found found = new Metadata.Found(place, document, date, tried);
          if (document.string("issuer").equals(Optional.of(name))) {
            return found;
          }
          other = other.or(() -> Optional.of(found));
        }
      }
    }
    return other.isPresent() ? other.get() : new Metadata.Missing(tried, contact);
  }

  /** The keys at a place that the metadata name. */
  public Keys keys(HttpUrl place) throws InterruptedException {
    return switch (document(place)) {
      case Read.No(var why, var contact) -> new Keys.Missing(why, contact);
      case Read.Yes(var document, var date) ->
          document
              .array("keys")
              .<Keys>map(keys -> new Keys.Found(described(keys), date))
              .orElseGet(
                  () -> new Keys.Missing(place + " is no set of keys (JWKS)", Contact.ANSWERED));
    };
  }

  private sealed interface Read {
    record Yes(JsonObject document, Optional<Instant> date) implements Read {}

    record No(String why, Contact contact) implements Read {}
  }

  private Read document(HttpUrl place) throws InterruptedException {
    return switch (published.at(place)) {
      case Published.Looked.No(var why, var contact) -> new Read.No(why, contact);
      case Published.Looked.Yes(var body, var fields) ->
          Published.object(body)
              .<Read>map(document -> new Read.Yes(document, date(fields)))
              .orElseGet(() -> new Read.No(place + " is no JSON object", Contact.ANSWERED));
    };
  }

  /** What the peer's clock showed when it answered (RFC 9110 section 6.6.1). */
  public static Optional<Instant> date(HttpFields fields) {
    try {
      return fields
          .first("Date")
          .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeException notOne) {
      return Optional.empty();
    }
  }

  /** How many there are for signatures, and of which algorithms. */
  public static String summary(List<PublishedKey> keys) {
    long usable = keys.stream().filter(PublishedKey::usable).count();
    Set<String> algorithms = algorithms(keys);
    return usable
        + (usable == 1 ? " key for signatures" : " keys for signatures")
        + (algorithms.isEmpty() ? "" : ": " + String.join(", ", algorithms));
  }

  /** Those of the keys for signatures, or their kinds where they do not name any. */
  public static Set<String> algorithms(List<PublishedKey> keys) {
    return keys.stream()
        .filter(PublishedKey::usable)
        .map(key -> key.algorithm().orElse(key.kind()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<PublishedKey> described(List<Json> keys) {
    return keys.stream()
        .limit(MOST_KEYS)
        .flatMap(key -> key.asObject().stream())
        .map(IssuerProbe::described)
        .toList();
  }

  private static PublishedKey described(JsonObject key) {
    String kind = key.string("kty").orElse("?");
    byte[] alone = ("{\"keys\":[" + key.toJson().text() + "]}").getBytes(StandardCharsets.UTF_8);
    return new PublishedKey(
        key.string("kid"),
        key.string("alg"),
        kind + key.string("crv").map(curve -> " " + curve).orElse(""),
        SigningKeys.read(alone).isPresent(),
        key.has("d") || (kind.equals("oct") && key.has("k")));
  }
}
