package dev.sallyport.access.token;

import dev.sallyport.access.token.Published.Looked;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.transport.outbound.GuardedFetch;
import dev.sallyport.transport.outbound.HttpUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an issuer publishes of itself: its metadata (RFC 8414, and OpenID Connect Discovery where
 * there is only that), and the keys that they lead to. Blocks. Thread-safe.
 */
final class Discovery {
  private final Issuer issuer;
  private final Published published;

  Discovery(Issuer issuer, GuardedFetch fetch) {
    this.issuer = issuer;
    this.published = new Published(fetch);
  }

  /** What came of looking. */
  sealed interface Keys {
    record Found(SigningKeys keys) implements Keys {}

    /**
     * @param why one line for the operator
     */
    record Missing(String why) implements Keys {}
  }

  Keys keys() throws InterruptedException {
    if (issuer.keys().isPresent()) {
      return keys(issuer.keys().get());
    }
    List<String> tried = new ArrayList<>();
    for (HttpUrl place : places(issuer.url())) {
      switch (metadata(place)) {
        case Metadata.Read(HttpUrl keys) -> {
          return keys(keys);
        }
        case Metadata.Bad(var why) -> tried.add(why);
      }
    }
    return new Keys.Missing(String.join("; ", tried));
  }

  private sealed interface Metadata {
    record Read(HttpUrl keys) implements Metadata {}

    record Bad(String why) implements Metadata {}
  }

  /**
   * Where metadata can be: the path of the issuer goes behind the well-known one (RFC 8414 section
   * 3.1), and with OpenID Connect also in front of it.
   */
  static List<HttpUrl> places(HttpUrl issuer) {
    String path = issuer.target().replaceFirst("/$", "");
    List<String> targets = new ArrayList<>();
    targets.add("/.well-known/oauth-authorization-server" + path);
    targets.add("/.well-known/openid-configuration" + path);
    if (!path.isEmpty()) {
      targets.add(path + "/.well-known/openid-configuration");
    }
    return targets.stream()
        .map(target -> new HttpUrl(issuer.secure(), issuer.host(), issuer.port(), target))
        .toList();
  }

  private Metadata metadata(HttpUrl place) throws InterruptedException {
    return switch (published.at(place)) {
      case Looked.No(var why, var _) -> new Metadata.Bad(why);
      case Looked.Yes(var body, var _) -> metadata(place, body);
    };
  }

  private Metadata metadata(HttpUrl place, byte[] body) {
    Optional<JsonObject> read = Published.object(body);
    if (read.isEmpty()) {
      return new Metadata.Bad(place + " is no JSON object");
    }
    // Whoever answers for one issuer must not speak for another (RFC 8414 section 3.3; T27).
    Optional<String> told = read.get().string("issuer");
    if (!told.equals(Optional.of(issuer.name()))) {
      return new Metadata.Bad(
          place
              + " is of another issuer"
              + told.filter(name -> name.equals(other(issuer.name())))
                  .map(_ -> ": they differ by a slash at the end")
                  .orElse(""));
    }
    return read.get()
        .string("jwks_uri")
        .flatMap(HttpUrl::of)
        .<Metadata>map(Metadata.Read::new)
        .orElseGet(() -> new Metadata.Bad(place + " does not say where the keys are (jwks_uri)"));
  }

  /** The same with or without the slash. */
  private static String other(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name + "/";
  }

  private Keys keys(HttpUrl place) throws InterruptedException {
    return switch (published.at(place)) {
      case Looked.No(var why, var _) -> new Keys.Missing(why);
      case Looked.Yes(var body, var _) ->
          SigningKeys.read(body)
              .<Keys>map(Keys.Found::new)
              .orElseGet(() -> new Keys.Missing(place + " has no key that can be used here"));
    };
  }
}
