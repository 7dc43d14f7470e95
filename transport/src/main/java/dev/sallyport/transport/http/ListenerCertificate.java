package dev.sallyport.transport.http;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * What a listener shows to new connections.
 *
 * @param file that it was read from
 * @param from when it begins to be valid
 * @param until when it expires
 */
public record ListenerCertificate(Path file, Instant from, Instant until) {
  static ListenerCertificate of(Path file, X509Certificate certificate) {
    return new ListenerCertificate(
        file, certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  public boolean isExpired(Instant now) {
    return until.isBefore(now);
  }

  /** Whether it is not valid yet. */
  public boolean isEarly(Instant now) {
    return now.isBefore(from);
  }
}
