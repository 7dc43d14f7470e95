package dev.sallyport.gateway.config;

import dev.sallyport.transport.outbound.HttpUrl;
import java.util.Optional;

/** Who is sent telemetry. */
sealed interface Receiver {
  record None() implements Receiver {}

  record At(HttpUrl url) implements Receiver {}

  /** Empty when the text is neither such a URL nor {@code off}. */
  static Optional<Receiver> parse(String text) {
    return text.equals("off")
        ? Optional.of(new None())
        : HttpUrl.of(text).filter(url -> url.target().indexOf('?') < 0).map(At::new);
  }
}
