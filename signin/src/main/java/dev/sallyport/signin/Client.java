package dev.sallyport.signin;

import java.util.List;
import java.util.Optional;

/**
 * Who asks for a token.
 *
 * @param name as it calls itself, made up for all we know
 * @param host whose document vouches for it
 * @param named whether the operator has named it
 */
record Client(
    String id, String name, Optional<String> host, boolean named, List<RedirectUri> redirects) {
  Client {
    redirects = List.copyOf(redirects);
  }

  boolean mayReturnTo(RedirectUri redirect) {
    return redirects.stream().anyMatch(redirect::fits);
  }

  /** Of what was checked when it was stored. */
  static List<RedirectUri> redirects(List<String> texts) {
    return texts.stream().map(RedirectUri::of).flatMap(Optional::stream).toList();
  }

  /** What a client says of where its answers go; empty unless every one of them is sound. */
  static Optional<List<RedirectUri>> soundRedirects(List<String> texts) {
    List<RedirectUri> sound = redirects(texts);
    return !sound.isEmpty() && sound.size() == texts.size() && sound.size() <= 20
        ? Optional.of(sound)
        : Optional.empty();
  }
}
