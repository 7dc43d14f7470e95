package dev.sallyport.transport.outbound;

import dev.sallyport.transport.http.HttpEngine;
import dev.sallyport.transport.http.PemException;
import dev.sallyport.transport.http.PemIdentity;
import dev.sallyport.transport.http.TlsFiles;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a client trusts, and who it says it is. There is no way to trust everybody: a server's
 * certificate is always checked, and so is whether it is for the host of the URL. Immutable.
 */
public final class OutboundTls {
  /** Trusts the issuers that Java trusts, and says nothing about itself. */
  public static final OutboundTls SYSTEM = new OutboundTls(Optional.empty(), Optional.empty());

  private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

  private final Optional<TrustOptions> authorities;
  private final Optional<KeyCertOptions> identity;

  private OutboundTls(Optional<TrustOptions> authorities, Optional<KeyCertOptions> identity) {
    this.authorities = authorities;
    this.identity = identity;
  }

  /**
   * Reads what is in the files, now and not again.
   *
   * @param authorities certificates in PEM of those who are trusted, in place of all others
   * @param identity what is shown to a server that asks for it
   * @throws PemException when one of them cannot be used
   */
  public static OutboundTls load(
      HttpEngine engine, Optional<Path> authorities, Optional<TlsFiles> identity)
      throws PemException {
    Optional<TrustOptions> trusted = Optional.empty();
    if (authorities.isPresent()) {
      trusted = Optional.of(PemIdentity.authorities(authorities.get()));
    }
    Optional<KeyCertOptions> own = Optional.empty();
    if (identity.isPresent()) {
      own = Optional.of(PemIdentity.load(identity.get(), engine.vertx()));
    }
    return new OutboundTls(trusted, own);
  }

  void apply(HttpClientOptions options) {
    options.setVerifyHost(true).setEnabledSecureTransportProtocols(VERSIONS);
    authorities.ifPresent(options::setTrustOptions);
    identity.ifPresent(options::setKeyCertOptions);
  }
}
