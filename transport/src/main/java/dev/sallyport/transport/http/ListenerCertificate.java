package dev.sallyport.transport.http;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What a listener shows to new connections.
 *
 * @param file that it was read from
 * @param until when it expires
 */
public record ListenerCertificate(Path file, Instant until) {
  static ListenerCertificate of(Path file, PemIdentity.Loaded loaded) {
    return new ListenerCertificate(file, loaded.certificate().getNotAfter().toInstant());
  }

  public boolean isExpired(Instant now) {
    return until.isBefore(now);
  }
}
