package dev.sallyport.gateway.config;

import java.util.Optional;

/** The port for whoever operates this: health and numbers, no tools. */
public sealed interface AdminConfig {
  record Off() implements AdminConfig {}

  record At(HostPort address) implements AdminConfig {}

  /** Empty when the text is neither {@code HOST:PORT} nor {@code off}. */
  static Optional<AdminConfig> parse(String text) {
    return text.equals("off") ? Optional.of(new Off()) : HostPort.parse(text).map(At::new);
  }
}
